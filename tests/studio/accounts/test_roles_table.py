"""The table of roles in the documentation is the one that the code asks."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from studio.accounts.permissions import RIGHTS

DOCS = Path(settings.BASE_DIR) / "docs" / "people.md"


def test_docs_and_code_say_the_same_of_roles():
    written = DOCS.read_text().split("<!-- roles -->\n")[1].split("<!-- /roles -->")[0]
    rows = [f"| {role.label} | {', '.join(words)} |" for role, words in RIGHTS.items()]
    assert written.splitlines() == ["| role | may |", "| --- | --- |", *rows]
