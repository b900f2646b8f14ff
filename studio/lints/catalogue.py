"""The lints as the pages list them: by family, searched, filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rules_export.lints.explanations import Explained, explained
from rules_export.lints.registry import FAMILIES, known, lints

MOST_WORDS = 10
#: Filters by what a lint brings: value → words.
KINDS = {
    "warning": "Warnings",
    "advice": "Advice",
    "fix": "With a fix",
    "safe": "With a safe fix",
    "off": "Switched off",
}


@dataclass(frozen=True, slots=True)
class Family:
    """A family of lints with those of it that are shown."""

    slug: str
    title: str
    lints: tuple[Explained, ...]


def get(code: str) -> Explained | None:
    """The lint with this code, explained."""
    lint = known(code)
    return explained(lint) if lint else None


def saying(text: str) -> list[Explained]:
    """The lints whose code, title or hint says all words of the text; all for none."""
    words = text.replace("\x00", "").lower().split()[:MOST_WORDS]
    return [explained(one) for one in lints() if all(word in _haystack(one.code) for word in words)]


def families(text: str = "", kind: str = "", off: Collection[str] = ()) -> list[Family]:
    """The families with the lints that say `text` and are of `kind` (a key of KINDS, "" for all)."""
    found = [one for one in saying(text) if _is_of(one, kind, off)]
    return [family for slug, title in FAMILIES.items() if (family := _family(slug, title, found)).lints]


def _family(slug: str, title: str, found: Iterable[Explained]) -> Family:
    return Family(slug, title, tuple(one for one in found if one.lint.family == slug))


def _is_of(one: Explained, kind: str, off: Collection[str]) -> bool:
    match kind:
        case "warning" | "advice":
            return str(one.lint.severity) == kind
        case "fix":
            return bool(one.fix)
        case "safe":
            return one.fixes == "safe"
        case "off":
            return one.lint.code in off
    return True


def _haystack(code: str) -> str:
    lint = known(code)
    return f"{lint.code} {lint.title} {lint.hint} {FAMILIES[lint.family]}".lower() if lint else ""
