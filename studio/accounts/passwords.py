"""What a password must be, beyond Django's checks of length, likeness and the bundled list of common ones."""

from __future__ import annotations

import string
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

#: So many different characters at least.
LEAST_DIFFERENT = 6
#: Letters that stand for others in passwords that only look odd.
DISGUISES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
#: A common word may make up less than this share of the password.
TOO_MUCH = 0.5


class VariedPasswordValidator:
    """Refuses passwords of few different characters, such as "aaaaaaaaaaaa" or "121212121212"."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(
                f"This password has only {len(set(password))} different characters. Use {LEAST_DIFFERENT} or more.",
                code="password_not_varied",
            )

    def get_help_text(self) -> str:
        return f"At least {LEAST_DIFFERENT} different characters."


class DressedUpPasswordValidator:
    """Refuses a common password with digits or signs before or after it, or in place of letters."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        text = password.lower()
        core = text.strip(string.digits + string.punctuation + " ")
        if len(core) >= TOO_MUCH * len(text) and {core, core.translate(DISGUISES)} & self.common:
            raise ValidationError(
                "This is a common password with digits or signs around it. Those are tried first.",
                code="password_dressed_up",
            )

    def get_help_text(self) -> str:
        return "Not a common password, also not with digits or signs around it."
