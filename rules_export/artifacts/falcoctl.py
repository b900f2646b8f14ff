"""What falcoctl's index says of a rules file: where to pull it from, who made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules_export.write.scalars import inline


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One artifact. registry as ghcr.io, repository as acme/rules/pack; maintainers as (name, e-mail)."""

    name: str
    registry: str
    repository: str
    description: str = ""
    home: str = ""
    keywords: tuple[str, ...] = ()
    license: str = ""
    maintainers: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()


def index(entries: Iterable[IndexEntry]) -> str:
    """The index file, entries by name; empty for none."""
    return "".join(_entry(one) for one in sorted(entries, key=lambda one: one.name))


def _entry(one: IndexEntry) -> str:
    lines = [f"- name: {inline(one.name)}", "  type: rulesfile"]
    for key in ("registry", "repository", "description", "home", "license"):
        if value := getattr(one, key):
            lines.append(f"  {key}: {inline(value)}")
    lines += _sequence("keywords", one.keywords) + _sequence("sources", one.sources)
    if one.maintainers:
        lines.append("  maintainers:")
        for name, email in one.maintainers:
            lines += [f"    - email: {inline(email)}", f"      name: {inline(name)}"]
    return "\n".join(lines) + "\n"


def _sequence(key: str, items: Sequence[str]) -> list[str]:
    return [f"  {key}:", *(f"    - {inline(item)}" for item in items)] if items else []
