"""Rules files held against one release of Falco: what they use that it does not know, or knows in another meaning.

And the other way round: the oldest release that loads them all, with the reason for each need. The names come from
catalog/versions.py; the files are judged as the newest engine reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules_export.catalog import versions
from rules_export.catalog.versions import Release
from rules_export.falco_checks.requirements import Requirement, lowest, needs, rule_needs
from rules_export.findings import Finding, Severity
from rules_export.language.ast import Node as Tree
from rules_export.ruleset.context import SourceFile
from rules_export.verdict.compiling import trees
from rules_export.verdict.loading import Load, Verdict, load_ruleset
from rules_export.yamlcpp.documents import load_documents
from rules_export.yamlcpp.node import MAP, SCALAR, SEQUENCE, Node
from rules_export.yamlcpp.text import YamlError

#: The code of everything that a release lacks, and of what it understands in another way.
MISSING, CHANGED = "MEWS_TARGET_MISSING", "MEWS_TARGET_MEANING"
_KINDS = ("list", "macro", "rule")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that an item of a rules file needs: `item` names the rule, macro or list, "" for the file's header."""

    item: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class Needs:
    """All needs of some files with Falco's verdict on them; `release` is the oldest that meets them together."""

    needs: tuple[Need, ...]
    release: Release
    plugins: tuple[tuple[str, str], ...]
    verdict: Verdict


def file_needs(files: Sequence[tuple[str, str | bytes]], plugins: str = "container") -> Needs:
    """What these (name, content) need of Falco. Files that Falco refuses need what was understood of them."""
    ruleset, verdict = load_ruleset(files, plugins)
    found = [need for name, content in files for need in _of_keys(name, content)]
    expanded = _expanded(files, plugins) if verdict.fatal is None else {}
    for rule in ruleset.rules:
        tree = expanded.get(rule.name)
        wanted = dict.fromkeys((*rule_needs(rule), *(needs(tree) if tree is not None else ())))
        found += [Need(rule.name, one) for one in wanted]
    unique = tuple(dict.fromkeys(found))
    return Needs(unique, lowest(one.requirement for one in unique), _plugins(unique), verdict)


def target_findings(found: Needs, target: Release) -> list[Finding]:
    """What `target` lacks (an error) or means otherwise (a warning), in the order of the files."""
    place = versions.RELEASES.index(target)
    return [
        _finding(one, target)
        for one in found.needs
        if place < versions.RELEASES.index(versions.release(one.requirement.engine))
        or (one.requirement.removed and place >= versions.RELEASES.index(versions.release(one.requirement.removed)))
    ]


def _finding(need: Need, target: Release) -> Finding:
    wanted = need.requirement
    if wanted.meaning:
        return Finding(CHANGED, Severity.WARNING, f"Falco {target.falco} differs: {wanted.reason}", "file", need.item)
    return Finding(MISSING, Severity.ERROR, f"Falco {target.falco} lacks it: {wanted.reason}", "file", need.item)


def _expanded(files: Sequence[tuple[str, str | bytes]], plugins: str) -> dict[str, Tree]:
    """The rules' trees with macros, lists and exceptions written out, of those that compile."""
    load = Load(plugins)
    for name, content in files:
        load.add(name, content)
    return trees(load.compilation) if load.compilation is not None else {}


def _plugins(found: Sequence[Need]) -> tuple[tuple[str, str], ...]:
    """Each plugin that is used, in the lowest version that has all that is used of it."""
    lowest_version: dict[str, str] = {}
    for one in found:
        name, version = one.requirement.plugin, one.requirement.plugin_version
        if name:
            lowest_version[name] = max(lowest_version.get(name, version), version, key=versions.numbers)
    return tuple(sorted(lowest_version.items()))


def _of_keys(name: str, content: str | bytes) -> Iterator[Need]:
    """Keys of items and of overrides that are younger than our oldest release, and the stated engine version."""
    try:
        documents = load_documents(SourceFile(name, content).source)
    except YamlError:
        return
    for document in documents:
        for item in document.items if document.kind == SEQUENCE else ():
            if item.kind == MAP:
                yield from _of_item(item)


def _of_item(item: Node) -> Iterator[Need]:
    pairs = [(key.text, value) for key, value in item.pairs if key.kind == SCALAR]
    kind = next((kind for kind in _KINDS if any(key == kind for key, _ in pairs)), "")
    name = next((value.text for key, value in pairs if key == kind and value.kind == SCALAR), "")
    for key, value in pairs:
        if key == "required_engine_version" and value.kind == SCALAR:
            yield from _of_engine(value.text)
        if kind:
            yield from _known(name, "item_key", f"{kind}.{key}", f"the key {key}")
        if kind and key == "override" and value.kind == MAP:
            for what, how in value.pairs:
                if what.kind == how.kind == SCALAR:
                    label = f"override {how.text} of {what.text}"
                    yield from _known(name, "override_key", f"{kind}.{how.text}.{what.text}", label)


def _of_engine(text: str) -> Iterator[Need]:
    try:
        stated = versions.numbers(text if "." in text else f"0.{text}.0")
    except ValueError:
        return
    for one in versions.RELEASES:
        if versions.numbers(one.engine) >= stated:
            if one != versions.OLDEST:
                reason = f"the file asks for engine {text}, which Falco has since {one.falco}"
                yield Need("", Requirement("required_engine_version", one.engine, one.falco, reason))
            return


def _known(item: str, kind: str, name: str, what: str) -> Iterator[Need]:
    found = versions.since(kind, name)
    if found is not None and not found.floor:
        reason = f"{what} exists since Falco {found.since.falco}"
        yield Need(item, Requirement(what, found.since.engine, found.since.falco, reason))
