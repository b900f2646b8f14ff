"""What a release changed against the one before it, and what of our own library that touches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from .store import Facts, Release
from .tables import names_by_kind

KINDS = {
    "field": "Fields",
    "operator": "Operators",
    "modifier": "Operator modifiers",
    "transformer": "Transformers",
    "syntax": "Syntax",
    "event_type": "Event types",
    "event_arg": "Event arguments",
    "exit_arg": "Arguments of exit events",
    "item_key": "Keys of items",
    "override_key": "Keys of overrides",
}
MAX_NAMES = 40


def describe_changes(facts: Facts, release: Release, previous: Release) -> list[str]:
    """Lines that name everything that came, went or changed."""
    lines = [
        f"Falco {release.name} ({release.version}) compared with {previous.name} ({previous.version})",
        _compare("Engine", previous.engine, release.engine),
        _compare("Libs", previous.libs, release.libs),
        _compare("Container plugin", previous.container_plugin or "none", release.container_plugin or "none"),
    ]
    old, new = names_by_kind(previous, facts.plugins), names_by_kind(release, facts.plugins)
    for kind, title in KINDS.items():
        lines += _names(f"{title} added", new[kind] - old[kind])
        lines += _names(f"{title} removed", old[kind] - new[kind])
    lines += _names("Fields deprecated", release.deprecated() - previous.deprecated())
    ignored_before, ignored = set(previous.language["ignored"]), set(release.language["ignored"])
    lines += _names("Ignored by default now", ignored - ignored_before)
    lines += _names("No longer ignored by default", ignored_before - ignored)
    lines += _names("Fields with another type, argument or flags", _changed_fields(facts, release, previous))
    if len(lines) == 4:
        lines.append("  Nothing else changed.")
    return lines


def _compare(title: str, before: str, after: str) -> str:
    return f"  {title}: {after}" + ("" if before == after else f" (was {before})")


def _names(title: str, names: Iterable[str]) -> list[str]:
    ordered = sorted(names)
    if not ordered:
        return []
    more = f" and {len(ordered) - MAX_NAMES} more" if len(ordered) > MAX_NAMES else ""
    return [f"  {title} ({len(ordered)}): {', '.join(ordered[:MAX_NAMES])}{more}"]


def _changed_fields(facts: Facts, release: Release, previous: Release) -> Iterator[str]:
    old, new = previous.field_names(facts.plugins), release.field_names(facts.plugins)
    for name in old.keys() & new.keys():
        before, after = old[name], new[name]
        if before != after:
            yield f"{name} ({before.line.partition(' ')[2]} → {after.line.partition(' ')[2]})"


def find_uses(names: Iterable[str], macros: Path, library: Path) -> list[str]:
    """Macros, lists and behaviours whose text names one of these fields or events."""
    wanted = sorted(names, key=len, reverse=True)
    if not wanted:
        return []
    pattern = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, wanted)) + r")(?![\w.])")
    lines = []
    entries = yaml.load(macros.read_text("utf-8"), Loader=yaml.CSafeLoader) if macros.is_file() else []
    for entry in entries:
        kind = "macro" if "macro" in entry else "list"
        text = f"{entry.get('condition', '')} {' '.join(map(str, entry.get('items', ())))}"
        if uses := sorted(set(pattern.findall(text))):
            lines.append(f"The library's {kind} {entry[kind]} uses {', '.join(uses)}.")
    for path in sorted(library.glob("*.yaml")):
        if uses := sorted(set(pattern.findall(path.read_text(encoding="utf-8")))):
            lines.append(f"Behaviours in {path.name} use {', '.join(uses)}.")
    return lines


def list_questions(facts: Facts, release: Release, previous: Release, macros: Path, library: Path) -> list[str]:
    """Questions that follow from what changed, whatever Falco prints."""
    old, new = names_by_kind(previous, facts.plugins), names_by_kind(release, facts.plugins)
    questions = []
    if added := sorted(new["field"] - old["field"]):
        questions.append(
            f"New fields ({', '.join(added)}): Falco lists no flags; add filter-only (F), print-only (P), no "
            "transformer (X) and no right side (R) to their lines in fields.txt, and words for conditions to "
            "rules_export/language/words.py."
        )
    if added := sorted(new["event_type"] - old["event_type"]):
        questions.append(
            f"New event types ({', '.join(added)}): decide which macros, behaviours and families of system calls of "
            "the library include them."
        )
    gone = (old["field"] - new["field"]) | (old["event_type"] - new["event_type"])
    deprecated = release.deprecated() - previous.deprecated()
    if deprecated:
        questions.append(
            f"Deprecated fields ({', '.join(sorted(deprecated))}): name what replaces each in the hints of the lints."
        )
    questions += find_uses(gone | deprecated, macros, library)
    if release.engine != previous.engine:
        questions.append(
            f"Engine {release.engine}: run the conformance cases of the new Falco (docs/conformance.md), and correct "
            "the release named in README.md, docs/language.md, docs/conformance.md and docs/verdict.md, and "
            "UPSTREAM_VERSION in rules_export/catalog/macros.py if Falco ships other default rules."
        )
    return questions
