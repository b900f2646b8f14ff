"""What the studio fills in by itself: name, description, output and tags, as long as nobody wrote them by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules_export.catalog.tags import tactic_tag
from studio.authoring import outputs
from studio.authoring.content import RuleContent

#: Behaviours named in a suggested description before "and n more".
NAMED = 6


@dataclass(frozen=True, slots=True)
class TechniqueFacts:
    """What suggestions need to know of a technique. `tactics`: ATT&CK's short names, such as `defense-impairment`."""

    id: str
    name: str
    tactics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BehaviourFacts:
    """What suggestions need to know of a chosen behaviour."""

    title: str
    output_fields: tuple[str, ...] = ()
    priority: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about everything that the content has chosen; `fields` are those that its condition looks at."""

    techniques: tuple[TechniqueFacts, ...] = ()
    behaviours: tuple[BehaviourFacts, ...] = ()
    fields: tuple[str, ...] = ()

    def primary(self, content: RuleContent) -> TechniqueFacts | None:
        """The primary technique, where it is known."""
        return next((item for item in self.techniques if item.id == content.primary), None)


def fill(content: RuleContent, known: Known) -> RuleContent:
    """The content with every part suggested anew that nobody touched."""
    if known.primary(content) is None and not known.fields:
        return content
    suggested = {"name": name(content, known), "desc": desc(content, known), "tags": tags(known)}
    free = {part: value for part, value in suggested.items() if part not in content.touched}
    content = replace(content, **free)  # type: ignore[arg-type]
    return content if "output" in content.touched else replace(content, output=output(content, known))


def name(content: RuleContent, known: Known) -> str:
    """The primary technique's name."""
    primary = known.primary(content)
    return primary.name if primary else ""


def desc(content: RuleContent, known: Known) -> str:
    """One sentence: the techniques, then what the chosen behaviours do."""
    if not known.techniques:
        return ""
    about = _series([f"{item.name} ({item.id})" for item in known.techniques])
    deeds = [_lower_first(item.title) for item in known.behaviours]
    shown = deeds[:NAMED] if len(deeds) <= NAMED else [*deeds[:NAMED], f"{len(deeds) - NAMED} more"]
    return f"Detects {about}: {_series(shown)}." if shown else f"Detects {about}."


def output(content: RuleContent, known: Known) -> str:
    """A sentence with the technique, then the usual fields and those of the chosen behaviours."""
    primary = known.primary(content)
    if primary is None and not content.name:
        return ""
    sentence = content.name or (primary.name if primary else "")
    if primary and primary.id not in sentence:
        sentence = f"{sentence} ({primary.id})"
    extra = [field for item in known.behaviours for field in item.output_fields]
    return outputs.template(sentence, outputs.usual_fields(known.fields, extra))


def tags(known: Known) -> tuple[str, ...]:
    """For each technique its tactics, its name and its id: mitre_impact, inhibit_system_recovery, T1490."""
    tactics = [tactic_tag(tactic) for item in known.techniques for tactic in item.tactics]
    names = [slug(item.name) for item in known.techniques]
    return tuple(dict.fromkeys([*tactics, *names, *(item.id for item in known.techniques)]))


def slug(text: str) -> str:
    """Lower case words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _series(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(items) if len(items) < 3 else f"{', '.join(items[:-1])} and {items[-1]}"


def _lower_first(title: str) -> str:
    """A title inside a sentence; an acronym or a tool's own name keeps its letters."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
