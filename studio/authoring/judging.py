"""The engine's opinion of one rule: what Falco would say, then the studio's own advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from rules_export.catalog.events import ignored_by_default
from rules_export.catalog.sources import plugins_for
from rules_export.findings import Finding
from rules_export.lints.context import LintContext, Subject
from rules_export.lints.runner import studio_checks
from rules_export.ruleset.model import Rule
from rules_export.verdict.editing import check_rule
from studio.attack import queries as attack
from studio.lab.compiled import Brings, library, ruleset

#: The release of Falco whose rules the verdict follows.
FALCO = "0.45"

#: What stands in for parts that are not written yet, so that the others can be judged.
_STAND_INS = {"name": "Untitled rule", "desc": "Not written yet.", "output": "Not written yet"}


def judge(rule: Rule, catalogue: str) -> Iterator[Finding]:
    """Findings about what is written; parts that are still empty are not complained of here.

    `catalogue`: the digest of the ATT&CK catalogue that the tags are held against.
    """
    if not rule.condition:
        return
    empty = {part: text for part, text in _STAND_INS.items() if not getattr(rule, part).strip()}
    whole = replace(rule, **empty)  # type: ignore[arg-type]
    falcos = check_rule(whole, ruleset(rule.brings), plugins_for([rule.source]))
    for finding in [*falcos, *studio_checks(whole, _context(catalogue, rule.brings))]:
        if finding.place not in empty:
            yield finding


def advice(rule: Rule, catalogue: str) -> list[Finding]:
    """The studio's own advice alone, for a rule that is whole and that Falco loads without a word."""
    return studio_checks(rule, _context(catalogue, rule.brings))


def off_by_default(rule: Rule) -> tuple[str, ...]:
    """The event types of the condition that Falco does not watch unless told to."""
    subject = Subject(rule, library(rule.brings))
    return tuple(sorted(name for name in subject.events or () if ignored_by_default(name)))


def catalogue_digest() -> str:
    """Which ATT&CK catalogue is loaded; "" for none."""
    catalogue = attack.catalogue()
    return catalogue.digest if catalogue else ""


@lru_cache(maxsize=64)
def _context(catalogue: str, brings: Brings = ()) -> LintContext:
    """The library's macros and lists and the rule's own, with the tactics of the catalogue that has this digest."""
    if brings:
        return _context(catalogue).bringing(brings)
    tactics = {attack_id: sorted(slugs) for attack_id, slugs in attack.technique_tactics().items()}
    return replace(library(), technique_tactics=tactics, retired=attack.retired())
