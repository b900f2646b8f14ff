"""From a release's row to its files. Pure but for the ATT&CK catalogue that the advice on tags is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules_export.emit.archive import Entry, tar_gz, zip_bytes
from rules_export.emit.bundle import Bundle, bundle
from rules_export.emit.pack_files import Sign, pack_files
from rules_export.errors import EngineError
from rules_export.evaluation.normalising import EventError
from rules_export.findings import Finding
from rules_export.ruleset.model import Rule
from studio.authoring.judging import catalogue_digest, judge
from studio.lab.compiled import CannotRunError, Compiled, compile_rule
from studio.packs.making import MADE_BY
from studio.packs.models import Release
from studio.packs.proposing import summary_of
from studio.packs.snapshot import pack_of


@dataclass(frozen=True, slots=True)
class Packed:
    """What a release consists of. standalone: the rules as a file that a Falco can judge alone."""

    entries: tuple[Entry, ...]
    summary: dict[str, Any]
    standalone: str


def packed(release: Release, sign: Sign | None = None) -> Packed:
    """All files of the release, the two archives last. Raises EmitError where Falco would refuse or warn."""
    about = (release.pack.name, release.title, release.version, release.description)
    history = f"# Changes of {release.title}\n\n{release.history}"
    pack = pack_of(*about, release.members, history, release.attack_version, release.published_at)
    rules = [one.rule for one in pack.members]
    alone = bundle(rules, "standalone", MADE_BY)
    made: Bundle = alone if release.mode == "standalone" else bundle(rules, "overlay", MADE_BY)
    entries = pack_files(pack, made, _findings(rules), fires, sign)
    archives = [Entry(f"{pack.full_name}.zip", zip_bytes(entries)), Entry(f"{pack.full_name}.tar.gz", tar_gz(entries))]
    return Packed((*entries, *archives), summary_of(made), alone.text)


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


def _findings(rules: list[Rule]) -> list[Finding]:
    digest = catalogue_digest()
    return [finding for rule in rules for finding in judge(rule, digest)]
