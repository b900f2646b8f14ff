"""From drafts' content to the bytes of a rules file, or to the reasons why not. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rules_export.errors import EmitError
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import Bundle, bundle
from studio.authoring.content import RuleContent, from_json, to_rule
from studio.version import VERSION

MADE_BY = f"Mews {VERSION}"

#: What a rule must have, and how it is called on the page.
NEEDED = (("name", "name"), ("desc", "description"), ("condition", "condition"), ("output", "output"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A draft's content as it was when the export was asked for."""

    draft: int
    content: RuleContent

    @property
    def rule(self) -> Rule:
        return to_rule(self.content)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is not made: which rule (and its draft), Falco's code and words."""

    code: str
    message: str
    rule: str = ""
    severity: str = "error"
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The file as text with what it needs, or `reasons` and no text. `standalone` is what Falco can judge alone."""

    text: str = ""
    reasons: tuple[Reason, ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)
    standalone: str = ""


def make(rules: Sequence[Mapping[str, Any]], mode: str, made_by: str = MADE_BY) -> Made:
    """The file of `rules` (each `{"draft", "content"}`) in `mode` overlay or standalone.

    Whatever Falco would refuse is refused, and what it would warn about unless it belongs to an imported rule set.
    made_by: the version of Mews that the file names.
    """
    chosen = [Chosen(int(rule["draft"]), from_json(rule["content"])) for rule in rules]
    reasons = [*_lacking(chosen), *_twins(chosen)]
    if reasons:
        return Made(reasons=tuple(reasons))
    try:
        alone = bundle([one.rule for one in chosen], "standalone", made_by)
        wanted = alone if mode == "standalone" else bundle([one.rule for one in chosen], "overlay", made_by)
    except EmitError as error:
        return Made(reasons=tuple(_refusals(error, chosen)))
    return Made(text=wanted.text, summary={**_summary(wanted), "made_by": made_by}, standalone=alone.text)


def _lacking(chosen: Sequence[Chosen]) -> list[Reason]:
    return [
        Reason("MEWS_INCOMPLETE", f"The rule has no {word} yet.", one.content.name or "Untitled rule", draft=one.draft)
        for one in chosen
        for part, word in NEEDED
        if not getattr(one.content, part).strip()
    ]


def _twins(chosen: Sequence[Chosen]) -> list[Reason]:
    """Two rules of one name: the later would silently replace the earlier when Falco loads the file."""
    names = [one.rule.name for one in chosen]
    return [
        Reason(
            "MEWS_SAME_NAME",
            "Another rule of this export has this name; Falco would keep only the last.",
            name,
            draft=one.draft,
        )
        for index, (name, one) in enumerate(zip(names, chosen, strict=True))
        if name and name in names[:index]
    ]


def _refusals(error: EmitError, chosen: Sequence[Chosen]) -> list[Reason]:
    drafts = {one.rule.name: one.draft for one in chosen}
    found = [Reason(one.code, one.message, one.item, str(one.severity), drafts.get(one.item)) for one in error.findings]
    return found or [Reason("MEWS_REFUSED", error.message)]


def _summary(made: Bundle) -> dict[str, Any]:
    return {
        "required_engine_version": made.required_engine_version,
        "required_plugin_versions": [asdict(plugin) for plugin in made.required_plugin_versions],
        "macros": [macro.name for macro in made.macros],
        "lists": [one.name for one in made.lists],
        "assumed": list(made.assumed),
        "reasons": [one.reason for one in made.reasons],
        "warnings": [f"{one.item}: {one.message}" for one in made.warnings],
    }
