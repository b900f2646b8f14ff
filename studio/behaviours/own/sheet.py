"""A behaviour as a sheet to fill in: the fields that stand once, and groups of rows that repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from studio.behaviours.defaults import PRIORITIES
from studio.behaviours.loader import Complaint
from studio.behaviours.own.rows import (
    CannotShowError,
    EventRow,
    LookAlikeRow,
    ParameterRow,
    Row,
    VariantRow,
    area,
    text,
)
from studio.behaviours.records import Noise

#: Rows of one group.
MOST_ROWS = 40


class MainForm(forms.Form):
    """What a behaviour says once."""

    id = text("Id", "Small letters, digits and hyphens, such as t1490-our-backups. It never changes.", required=True)
    techniques = text("Techniques", "ATT&CK ids, parted by commas; it is filed under the first.", required=True)
    title = text("Title", "A few words, such as: Delete our snapshots.", required=True, longest=120, mono=False)
    group = text("Heading", "Cards under one heading stand together.", required=True, longest=60, mono=False)
    does = area("What the attacker does", "One sentence.", required=True, mono=False)
    why = area("Why it matters", "One sentence.", required=True, mono=False)
    kernel = text("What the kernel sees", "One short line, such as: execve snapctl delete …", required=True)
    clause = area("Clause", "A condition with the built-in macros. $name is a parameter.", required=True, rows=4)
    noise = forms.ChoiceField(
        label="Noise",
        choices=[(n.value, f"{n.value}: at most {n.ceiling} in 1,000 events of ordinary life") for n in Noise],
    )
    priority = forms.ChoiceField(label="Suggested priority", choices=[(p, p) for p in PRIORITIES], initial="WARNING")
    output = text("Fields worth printing", "Besides the usual ones, parted by commas, such as: proc.cwd")
    emulate = area(
        "Safe emulation", "Shell lines that show it without harm: a scratch directory, an argument that fails.", rows=3
    )
    references = area("References", "One on each line: a manual page such as rm(1), or a title and an address.")

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> dict[str, str]:
        """The values of the fields. Raises CannotShowError."""
        shown = {}
        for name in cls.base_fields:
            value = record.get(name, "")
            if isinstance(value, list):
                value = ("\n" if name == "references" else ", ").join(map(str, value))
            elif isinstance(value, dict):
                raise CannotShowError(f"{name} has another shape than the form")
            shown[name] = "" if value is None else str(value)
        return {name: value for name, value in shown.items() if value or name not in ("noise", "priority")}

    def record(self) -> dict[str, Any]:
        """The keys that stand once; empty ones are left out."""
        given = {name: str(value).replace("\r\n", "\n").strip() for name, value in self.cleaned_data.items()}
        made: dict[str, Any] = {name: value for name, value in given.items() if value}
        made["techniques"] = _parted(given.get("techniques", ""), ",")
        for name, mark in (("output", ","), ("references", "\n")):
            if name in made:
                made[name] = _parted(given[name], mark)
        return made


GROUPS: Mapping[str, tuple[str, str, type[Row]]] = {
    "attack": ("Attack events", "Each must fire the clause.", EventRow),
    "benign": ("Benign events", "Work that is alike; none may fire the clause.", EventRow),
    "lookalikes": ("Look-alikes", "Legitimate work that fires it, and the exception to suggest.", LookAlikeRow),
    "parameters": ("Parameters", "What a rule's author may adjust.", ParameterRow),
    "variants": ("Variants", "Narrower and wider clauses.", VariantRow),
}
_AT_LEAST_ONE = ("attack", "benign")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind: their keys in the post, and their forms."""

    slug: str
    title: str
    says: str
    rows: tuple[tuple[str, Row], ...]

    @property
    def spare(self) -> bool:
        """Whether one more row fits."""
        return len(self.rows) < MOST_ROWS


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole of it."""

    main: MainForm
    groups: tuple[Group, ...]

    @classmethod
    def blank(cls, technique: str = "") -> Sheet:
        """Nothing but a technique, and one row for each event that is needed."""
        main = MainForm(initial={"techniques": technique, "noise": "low", "priority": "WARNING"})
        return cls(main, tuple(_group(slug, {"0": {}} if slug in _AT_LEAST_ONE else {}) for slug in GROUPS))

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Sheet:
        """What a record says. Raises CannotShowError where it says more than the sheet has room for."""
        if unknown := [key for key in record if key not in MainForm.base_fields and key not in GROUPS]:
            raise CannotShowError(f"the form has no place for {', '.join(unknown)}")
        groups = []
        for slug, (_, _, form) in GROUPS.items():
            specs = record.get(slug, [])
            if not isinstance(specs, list) or len(specs) > MOST_ROWS:
                raise CannotShowError(f"{slug} has another shape than the form")
            groups.append(_group(slug, {str(n): form.initial_of(spec) for n, spec in enumerate(specs)}))
        return cls(MainForm(initial=MainForm.initial_of(record)), tuple(groups))

    @classmethod
    def posted(cls, data: QueryDict) -> Sheet:
        """What was entered; `action` may add a row (`add:attack`) or drop one (`drop:attack:3`)."""
        verb, _, rest = data.get("action", "").partition(":")
        slug, _, dropped = rest.partition(":")
        groups = []
        for one in GROUPS:
            keys = [key for key in data.getlist(f"{one}-row") if key.isascii() and key.isalnum() and len(key) < 8]
            keys = list(dict.fromkeys(keys))[:MOST_ROWS]
            if verb == "drop" and one == slug:
                keys = [key for key in keys if key != dropped]
            added = _free(keys) if verb == "add" and one == slug and len(keys) < MOST_ROWS else None
            groups.append(_group(one, {}, data, keys, added))
        return cls(MainForm(data), tuple(groups))

    def is_valid(self) -> bool:
        """Whether all of it can be read."""
        rows = [row for group in self.groups for _, row in group.rows if row.is_bound]
        return not [form for form in (self.main, *rows) if not form.is_valid()]

    def record(self) -> dict[str, Any]:
        """The record that it stands for, once it is valid; rows that were only just added are left out."""
        rows = {group.slug: [row.spec() for _, row in group.rows if row.is_bound] for group in self.groups}
        kept = {slug: specs for slug, specs in rows.items() if specs or slug in _AT_LEAST_ONE}
        return {**self.main.record(), **kept}

    def complaints(self) -> list[Complaint]:
        """What cannot be read, field by field."""
        found = [Complaint(name, 0, " ".join(map(str, errors))) for name, errors in self.main.errors.items()]
        for group in self.groups:
            for number, (_, row) in enumerate(group.rows, 1):
                if row.is_bound:
                    for name, errors in row.errors.items():
                        label = row.fields[name].label if name in row.fields else ""
                        said = " ".join(map(str, errors))
                        found.append(Complaint(group.slug, number, f"{label}: {said}" if label else said))
        return found


def _group(
    slug: str,
    initial: Mapping[str, dict[str, str]],
    data: QueryDict | None = None,
    keys: list[str] | None = None,
    added: str | None = None,
) -> Group:
    title, says, form = GROUPS[slug]
    rows: list[tuple[str, Row]] = [
        (key, form(initial=values, prefix=f"{slug}-{key}")) for key, values in initial.items()
    ]
    rows += [(key, form(data, prefix=f"{slug}-{key}")) for key in keys or ()]
    if added is not None:
        rows.append((added, form(prefix=f"{slug}-{added}")))
    return Group(slug, title, says, tuple(rows))


def _free(keys: list[str]) -> str:
    """A key that no row has."""
    return str(max((int(key) for key in keys if key.isdigit()), default=-1) + 1)


def _parted(entered: str, mark: str) -> list[str]:
    return [item.strip() for item in entered.split(mark) if item.strip()]
