"""Two contents of one draft side by side: the parts in which they differ, as texts for people."""

from __future__ import annotations

from dataclasses import dataclass

from studio.authoring.content import ExceptionTable, RuleContent


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs, in both versions."""

    part: str
    theirs: str
    mine: str


def differences(theirs: RuleContent, mine: RuleContent) -> list[Difference]:
    """All parts that differ, in the order of the wizard."""
    left, right = _parts(theirs), _parts(mine)
    return [Difference(part, left[part], right[part]) for part in left if left[part] != right[part]]


def _parts(content: RuleContent) -> dict[str, str]:
    techniques = [f"{item} (primary)" if item == content.primary else item for item in content.techniques]
    return {
        "Techniques": ", ".join(techniques),
        "Behaviours": "\n".join(item.id for item in content.behaviours),
        "Condition": content.condition,
        "Exceptions": "\n\n".join(_table(table) for table in content.exceptions),
        "Output": content.output,
        "Name": content.name,
        "Description": content.desc,
        "Priority": content.priority,
        "Enabled": "yes" if content.enabled else "no",
        "Tags": ", ".join(content.tags),
    }


def _table(table: ExceptionTable) -> str:
    columns = " and ".join(f"{field} {comp}" for field, comp in zip(table.fields, table.comps, strict=False))
    return "\n".join([f"{table.name}: {columns}", *("  " + " | ".join(row) for row in table.rows)])
