"""From a release's row to its files. Pure but for the ATT&CK catalogue that the advice on tags is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules_export.archives.packing import Entry
from rules_export.artifacts.manifest import SIGNATURE
from rules_export.artifacts.pack_files import Sign, pack_files
from rules_export.errors import EngineError
from rules_export.evaluation.normalising import EventError
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import bundle
from studio.authoring.content import from_json
from studio.authoring.judging import advice, catalogue_digest
from studio.authoring.waivers import counted
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.packs.making import MADE_BY
from studio.packs.models import Release
from studio.packs.proposing import summary_of
from studio.packs.snapshot import pack_of, with_origin
from studio.packs.targets import checked, told


@dataclass(frozen=True, slots=True)
class Packed:
    """What a release consists of. standalone: the rules as a file that a Falco can judge alone, "" if not asked for."""

    entries: tuple[Entry, ...]
    summary: dict[str, Any]
    standalone: str


def packed(release: Release, sign: Sign | None = None, alone: bool = True) -> Packed:
    """All files of the release but its archives. Raises EmitError where Falco would refuse or warn.

    A release that was made before gets the same bytes again: with the version of Mews and the advice of that time.
    """
    made_by = str(release.summary.get("made_by", MADE_BY))
    about = (release.pack.name, release.title, release.version, release.description)
    history = f"# Changes of {release.title}\n\n{release.history}"
    members = pack_of(*about, release.members, history, release.attack_version, release.published_at, made_by)
    pack = with_origin(members, release)
    rules = [one.rule for one in pack.members]
    made = bundle(rules, "standalone" if release.mode == "standalone" else "overlay", made_by)
    known = "advice" in release.summary
    findings = _recorded(release.summary) if known else [*made.warnings, *_findings(rules, release.members)]
    entries = pack_files(pack, made, findings, fires, sign)
    text = (made if made.mode == "standalone" else bundle(rules, "standalone", made_by)).text if alone else ""
    summary = {**summary_of(made), "targets": told(checked(made.reasons, release.pack.target))}
    signature = next((entry.data.decode() for entry in entries if entry.path == SIGNATURE), "")
    again = {"made_by": made_by, "advice": [_advice_json(one) for one in findings], "signature": signature}
    return Packed(entries, {**summary, **again}, text)


def _advice_json(finding: Finding) -> dict[str, str]:
    """What findings.sarif is written from."""
    return {name: str(getattr(finding, name)) for name in ("code", "severity", "message", "place", "item", "hint")}


def _recorded(summary: Mapping[str, Any]) -> list[Finding]:
    """The advice as it was when the release was made: it depends on the ATT&CK catalogue of that day."""
    return [Finding(**{**one, "severity": Severity(one["severity"])}) for one in summary.get("advice", ())]


def fires(rule: Rule, fields: Mapping[str, object]) -> bool:
    """Whether the rule fires on the event, its exceptions minded; not where the event cannot be read."""
    compiled = _compiled(rule)
    if compiled is None:
        return False
    try:
        caught = compiled.condition.matches(fields)
        return caught and not any(matcher.matches(fields) for _, matcher in compiled.exceptions)
    except (EventError, EngineError):
        return False


@lru_cache(maxsize=512)
def _compiled(rule: Rule) -> Compiled | None:
    try:
        return compile_rule(rule)
    except CannotRunError:
        return None


def _findings(rules: list[Rule], members: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """What the studio advises about the rules, without what was switched off when they were put together."""
    digest, found = catalogue_digest(), []
    for rule, member in zip(rules, members, strict=True):
        counting = counted(advice(rule, digest), from_json(member["content"]))
        found += [item for item in counting if item.code not in member.get("off", ())]
    return found
