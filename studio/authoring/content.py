"""What a draft holds: one frozen value, its JSON form, and the rule that it stands for.

The condition's text is the source of truth of what the rule catches; the chosen behaviours only remember which clause
each of them put into that text. `touched` names the fields that a person wrote by hand: suggestions leave those alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeAlias

from rules_export.ruleset.model import PRIORITIES, Entry, Rule, RuleException
from studio.authoring import frozen_parts
from studio.authoring.frozen_parts import FrozenBehaviour, FrozenSample
from studio.definitions.values import Own, Term, items_of
from studio.definitions.values import from_json as terms_from_json
from studio.definitions.values import to_json as terms_to_json

#: Comparisons of an exception whose value is a list, so that a cell may hold several values.
LIST_COMPARISONS = ("in", "pmatch", "intersects")

#: What people note about an exception; absent from the JSON form while empty, so that older contents keep their hash.
NOTED = ("owner", "reason", "expires")

#: Keys of an exception's JSON form that are absent while empty.
_RARE_OF_TABLES = (*NOTED, "exact")

#: Keys of a rule that few write, and what Falco takes without them.
RARE: Mapping[str, bool | int] = {
    "warn_evttypes": True, "skip_if_unknown_filter": False, "capture": False, "capture_duration": 0,
}  # fmt: skip

#: The longest capture that a rule may ask for: Falco holds milliseconds in 32 bits.
MOST_CAPTURE = 2**32 - 1

#: Characters of a rule's name in lists and headings; the content holds all of it.
MAX_TITLE = 200

#: The texts of a rule.
TEXTS = ("name", "condition", "output", "desc")

#: The parts of a rule for which the studio makes suggestions.
SUGGESTED = ("name", "desc", "output", "tags")


@dataclass(frozen=True, slots=True)
class ChosenBehaviour:
    """A behaviour as chosen: its id, the parameters set by hand, and the clause that went into the condition."""

    id: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""


#: Fields, comps and values of an exception as Falco read them.
Exact: TypeAlias = tuple[Entry, Entry, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class ExceptionTable:
    """An exception as a table: a column is a field with its comparison, a row one legitimate case, cells are texts.

    `owner` answers for it, `reason` says why it is there, `expires` is its last day (2026-12-31) or empty.
    `exact`: fields, comps and values as Falco read them, where the table alone would give another exception; None
    elsewhere. It counts only while the table still shows it, so an edit of the table replaces it.
    """

    name: str
    fields: tuple[str, ...] = ()
    comps: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    owner: str = ""
    reason: str = ""
    expires: str = ""
    exact: Exact | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A lint of the studio that does not count for this rule: why, who said so, and on which day (2026-12-31)."""

    code: str
    reason: str
    by: str = ""
    on: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RuleContent:
    """All that a draft says of its rule. `primary` is one of `techniques` (ATT&CK ids), or empty with them.

    `definitions`: the team's own macros and lists that the rule needs, each after those that it needs itself. A draft
    takes those of the day and keeps none; what is handed in keeps them as they were. `capture_duration`: milliseconds.
    `rule_set`: the short name of the imported rule set that the rule belongs to, "" for a rule of the team's own; the
    macros and lists of that set come before the team's. `exact`: the texts go into the rule character by character, as
    Falco read them; elsewhere blanks around them are dropped and the lines of the output are joined.
    `own_behaviours` and `samples`: the team's behaviours and the sample events as a revision keeps them; None in a
    draft, which reads the current ones.
    """

    techniques: tuple[str, ...] = ()
    primary: str = ""
    behaviours: tuple[ChosenBehaviour, ...] = ()
    condition: str = ""
    exceptions: tuple[ExceptionTable, ...] = ()
    output: str = ""
    name: str = ""
    desc: str = ""
    priority: str = "WARNING"
    enabled: bool = True
    tags: tuple[str, ...] = ()
    source: str = "syscall"
    touched: frozenset[str] = frozenset()
    definitions: tuple[Term, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    warn_evttypes: bool = True
    skip_if_unknown_filter: bool = False
    capture: bool = False
    capture_duration: int = 0
    rule_set: str = ""
    exact: bool = False
    own_behaviours: tuple[FrozenBehaviour, ...] | None = None
    samples: tuple[FrozenSample, ...] | None = None

    @property
    def rare(self) -> dict[str, bool | int]:
        """The keys that few write, where they say something else than Falco takes without them."""
        return {key: getattr(self, key) for key, usual in RARE.items() if getattr(self, key) != usual}


def to_json(content: RuleContent) -> dict[str, Any]:
    """The JSON form (lists, texts, truth values), with `touched` sorted so that equal contents give equal bytes."""
    flat = replace(
        content,
        exceptions=tuple(replace(table, exact=None) for table in content.exceptions),
        own_behaviours=None,
        samples=None,
    )
    form: dict[str, Any] = json.loads(json.dumps({**asdict(flat), "touched": sorted(content.touched)}))
    del form[frozen_parts.BEHAVIOURS], form[frozen_parts.SAMPLES]
    if content.own_behaviours is not None:
        form[frozen_parts.BEHAVIOURS] = frozen_parts.behaviours_to_json(content.own_behaviours)
    if content.samples is not None:
        form[frozen_parts.SAMPLES] = frozen_parts.samples_to_json(content.samples)
    for table, exception in zip(form["exceptions"], content.exceptions, strict=True):
        table["exact"] = _listed(exception.exact)
        for word in _RARE_OF_TABLES:
            if not table[word]:
                del table[word]
    for word in ("waivers", "rule_set", "exact"):
        if not form[word]:
            del form[word]
    for key, usual in RARE.items():
        if getattr(content, key) == usual:
            del form[key]
    del form["definitions"]
    return {**form, "definitions": terms_to_json(content.definitions)} if content.definitions else form


def as_kept(content: RuleContent) -> dict[str, Any]:
    """The JSON form as a draft keeps it: without definitions, behaviours and samples, of which it reads the current
    ones."""
    return to_json(replace(content, definitions=(), own_behaviours=None, samples=None))


def frozen(data: Mapping[str, Any], own: Own) -> dict[str, Any]:
    """A draft's JSON form with the definitions that it needs as they are in `own`: what leaves the draft keeps them."""
    needed = needing(from_json(data), own).definitions
    return {**data, "definitions": terms_to_json(needed)} if needed else dict(data)


def needing(content: RuleContent, own: Own) -> RuleContent:
    """The content with what it needs of a team's macros and lists as they are in `own`."""
    cells = (cell for table in content.exceptions for row in table.rows for cell in row)
    return replace(content, definitions=own.within(content.rule_set).closure([content.condition], cells))


def from_json(data: Mapping[str, Any]) -> RuleContent:
    """The content that `to_json` wrote. Keys that are missing take their defaults; unknown keys are left out."""
    return RuleContent(
        techniques=_texts(data.get("techniques")),
        primary=str(data.get("primary", "")),
        behaviours=tuple(_behaviour(item) for item in data.get("behaviours", ())),
        condition=str(data.get("condition", "")),
        exceptions=tuple(_table(item) for item in data.get("exceptions", ())),
        output=str(data.get("output", "")),
        name=str(data.get("name", "")),
        desc=str(data.get("desc", "")),
        priority=_priority(data.get("priority")),
        enabled=bool(data.get("enabled", True)),
        tags=_texts(data.get("tags")),
        source=str(data.get("source", "syscall")),
        touched=frozenset(_texts(data.get("touched"))),
        definitions=terms_from_json(data.get("definitions")),
        waivers=tuple(_waiver(item) for item in data.get("waivers", ())),
        warn_evttypes=bool(data.get("warn_evttypes", True)),
        skip_if_unknown_filter=bool(data.get("skip_if_unknown_filter", False)),
        capture=bool(data.get("capture", False)),
        capture_duration=_duration(data.get("capture_duration", 0)),
        rule_set=str(data.get("rule_set", "")),
        exact=bool(data.get("exact", False)),
        own_behaviours=frozen_parts.behaviours_from_json(data.get(frozen_parts.BEHAVIOURS)),
        samples=frozen_parts.samples_from_json(data.get(frozen_parts.SAMPLES)),
    )


def to_rule(content: RuleContent) -> Rule:
    """The rule as the engine takes it. Exceptions without a field are left out, as Falco refuses them, unless that is
    how they were read."""
    texts = {part: getattr(content, part) for part in TEXTS}
    if not content.exact:
        texts = {part: trimmed(part, text) for part, text in texts.items()}
    return Rule(
        **texts,
        priority=content.priority,
        tags=content.tags,
        source=content.source,
        enabled=content.enabled,
        exceptions=tuple(to_exception(table) for table in content.exceptions if any(table.fields) or table.exact),
        warn_evttypes=content.warn_evttypes,
        skip_if_unknown_filter=content.skip_if_unknown_filter,
        capture=content.capture,
        capture_duration=content.capture_duration,
        brings=items_of(content.definitions),
        rule_set=content.rule_set,
    )


def shortened(name: str) -> str:
    """A rule's name for display: on one line, its end cut where it is long."""
    line = " ".join(name.split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1] + "…"


def trimmed(part: str, text: str) -> str:
    """A text of the rule without blanks around it; an output on one line."""
    if part == "output":
        return " ".join(line.strip() for line in text.splitlines() if line.strip())
    return text.strip()


def to_exception(table: ExceptionTable) -> RuleException:
    """Falco's form of the table: the single shape for one column with a list comparison, else a tuple of columns.

    Rows with an empty cell are left out, because an empty value would make a condition that Falco refuses.
    Owner, reason and last day become a comment of the rules file.
    """
    comment = remark(table)
    if table.exact is not None and is_shown(table.exact, table):
        fields, comps, values = table.exact
        return RuleException(table.name, fields, comps, values, comment)
    rows = [row for row in table.rows if len(row) == len(table.fields) and all(cell.strip() for cell in row)]
    if len(table.fields) == 1 and takes_list(table.comps[0]):
        values = tuple(value for row in rows for value in split_list(row[0]))
        return RuleException(table.name, table.fields[0], table.comps[0], values, comment)
    return RuleException(table.name, table.fields, table.comps, tuple(_row(row, table.comps) for row in rows), comment)


def to_table(exception: RuleException) -> ExceptionTable:
    """An exception as a table, with its exact form where the table alone would give another exception."""
    exact = (exception.fields, exception.comps, exception.values)
    table = ExceptionTable(exception.name, *_columns_and_rows(exact))
    same = any(table.fields) and to_exception(table) == exception
    return table if same else replace(table, exact=exact)


def is_shown(exact: Exact, table: ExceptionTable) -> bool:
    """Whether the table's cells are those that show the exact form: nobody has edited them."""
    return _columns_and_rows(exact) == (table.fields, table.comps, table.rows)


def _columns_and_rows(exact: Exact) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Fields, comparisons and rows of the table that shows an exception of any shape: cells for every column."""
    given, comparisons, values = exact
    single = not isinstance(given, tuple)
    fields = tuple(_shown(one) for one in (given if isinstance(given, tuple) else (given,)))
    if isinstance(comparisons, tuple):
        comps = tuple(_shown(one) for one in comparisons)
    else:
        comps = (_shown(comparisons),) if single and comparisons is not None else ()
    comps = (comps + ("in" if single else "=",) * len(fields))[: len(fields)]
    rows = []
    for value in values:
        members = value if isinstance(value, tuple) and not single else (value,)
        cells = [_cell(one, takes_list(comp)) for one, comp in zip(members, comps, strict=False)]
        rows.append(tuple((cells + [""] * len(fields))[: len(fields)]))
    return fields, comps, tuple(rows)


def _cell(entry: Entry, listed: bool) -> str:
    """A cell as people write it: the values of a list between commas, those that hold a comma in quotes."""
    texts = [_shown(one) for one in (entry if isinstance(entry, tuple) else (entry,))]
    if not listed:
        return ", ".join(texts)
    return ", ".join(f'"{text}"' if "," in text and text[:1] not in "\"'" else text for text in texts)


def _shown(entry: Entry) -> str:
    """An entry of any depth as one text; an entry that Falco reads as neither text nor list is empty."""
    return ", ".join(map(_shown, entry)) if isinstance(entry, tuple) else entry or ""


def _listed(entry: Entry) -> Any:
    """Tuples as lists, as JSON has them."""
    return [_listed(one) for one in entry] if isinstance(entry, tuple) else entry


def _entry(value: object) -> Entry:
    """Lists as tuples; what is neither a list nor a text is None."""
    if isinstance(value, (list, tuple)):
        return tuple(_entry(one) for one in value)
    return value if isinstance(value, str) else None


def _exact(value: object) -> Exact | None:
    """An exact form of JSON; None for anything else."""
    entry = _entry(value)
    if not isinstance(entry, tuple) or len(entry) != 3 or not isinstance(entry[2], tuple):
        return None
    return entry[0], entry[1], entry[2]


def remark(table: ExceptionTable) -> str:
    """Owner, last day and reason as one line for readers of the rules file; "" where nothing is noted."""
    facts = [f"Owner: {table.owner}." if table.owner else "", f"Expires {table.expires}." if table.expires else ""]
    return " ".join(" ".join([*facts, table.reason]).split())


def takes_list(comparison: str) -> bool:
    """Whether a cell under this comparison may hold several values (`in (…)`, `contains anyof (…)`)."""
    return comparison in LIST_COMPARISONS or " " in comparison


def split_list(cell: str) -> tuple[str, ...]:
    """The values of a cell: separated by commas that stand outside quotes."""
    values, current, quote = [], "", ""
    for char in cell:
        if char == quote:
            quote = ""
        elif not quote and char in "\"'":
            quote = char
        if char == "," and not quote:
            values.append(current)
            current = ""
        else:
            current += char
    return tuple(value.strip() for value in [*values, current] if value.strip())


def _row(row: tuple[str, ...], comps: tuple[str, ...]) -> Entry:
    """One row of the tuple shape: a cell under a list comparison is a list of its own."""
    return tuple(split_list(cell) if takes_list(comp) else cell.strip() for cell, comp in zip(row, comps, strict=True))


def _behaviour(item: Mapping[str, Any]) -> ChosenBehaviour:
    parameters = {str(key): str(value) for key, value in dict(item.get("parameters", {})).items()}
    return ChosenBehaviour(str(item["id"]), parameters, str(item.get("clause", "")))


def _waiver(item: Mapping[str, Any]) -> Waiver:
    return Waiver(*(str(item.get(word, "")) for word in ("code", "reason", "by", "on")))


def _table(item: Mapping[str, Any]) -> ExceptionTable:
    rows = tuple(_texts(row) for row in item.get("rows", ()))
    owner, reason, expires = (str(item.get(word, "")) for word in NOTED)
    columns = (_texts(item.get("fields")), _texts(item.get("comps")))
    exact = _exact(item.get("exact"))
    return ExceptionTable(str(item.get("name", "")), *columns, rows, owner, reason, expires, exact)


def _duration(value: object) -> int:
    return min(max(value, 0), MOST_CAPTURE) if isinstance(value, int) else 0


def _priority(value: object) -> str:
    text = str(value or "").upper()
    return text if text in PRIORITIES else "WARNING"


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple, set, frozenset)) else ()
