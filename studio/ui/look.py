"""Light or dark, contrast, cosy or compact, wide or slim rail: cookies that the server writes, so no page flashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest

YEAR = 365 * 24 * 3600
CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "contrast": ("auto", "more"),
    "density": ("cosy", "compact"),
    "rail": ("wide", "slim"),
}


def cookie_name(part: str) -> str:
    """The cookie that remembers a part of the look; static/js/look.js writes the same."""
    return f"mews_{part}"


@dataclass(frozen=True, slots=True)
class Look:
    """A person's look; "auto" follows the system (the CSS asks prefers-color-scheme and prefers-contrast)."""

    theme: str = "auto"
    contrast: str = "auto"
    density: str = "cosy"
    rail: str = "wide"

    themes: ClassVar = (("auto", "System"), ("light", "Light"), ("dark", "Dark"))
    contrasts: ClassVar = (("auto", "System"), ("more", "High"))
    densities: ClassVar = (("cosy", "Cosy"), ("compact", "Compact"))

    @classmethod
    def of(cls, request: HttpRequest) -> Look:
        """The look in the request's cookies; an unknown value counts as absent."""
        kept = {part: request.COOKIES.get(cookie_name(part), "") for part in CHOICES}
        return cls(**chosen(kept))


def chosen(values: Mapping[str, str]) -> dict[str, str]:
    """Those of the values that name a part of the look and one of its choices."""
    return {part: values[part] for part, choices in CHOICES.items() if values.get(part) in choices}
