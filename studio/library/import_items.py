"""The items of an import as rows: stored, filtered, counted, and chosen one by one or together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from rules_export.findings import Finding, Severity
from studio.library.importing import ADD, REPLACE, SKIP, Item
from studio.library.models import ImportItem, RulesFile

Verdict = ImportItem.Verdict
KINDS: Mapping[str, str] = {"rule": "Rules", "macro": "Macros", "list": "Lists"}
STANDINGS: Mapping[str, str] = {
    "new": "New",
    "differs": "Differs from the team's",
    "same": "Unchanged",
    "kept": "Kept in the rule set",
    "inlined": "Inlined",
    "known": "Included in Mews",
    "taken": "Name in use by Mews",
}
CHOICES: Mapping[str, str] = {ADD: "Add", REPLACE: "Replace", SKIP: "Skip"}
#: What can be done with all shown items together; `import` is to add what is new and replace what differs.
TOGETHER: Mapping[str, str] = {
    "suggested": "As suggested",
    "import": "Import",
    ADD: "Add",
    REPLACE: "Replace",
    SKIP: "Skip",
}
#: Characters of a condition or list that the preview shows.
MAX_TEXT = 20_000
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are shown: text in name or condition, kind, standing, verdict, only those with findings."""

    q: str = ""
    kind: str = ""
    standing: str = ""
    verdict: str = ""
    findings: bool = False

    @classmethod
    def of(cls, given: QueryDict | Mapping[str, str]) -> ItemFilter:
        """As a query string or a form has it; what is unknown is left out."""

        def known(name: str, values: Iterable[str]) -> str:
            value = str(given.get(name, ""))
            return value if value in values else ""

        text = str(given.get("q", "")).replace("\0", "").strip()[:MAX_QUERY]
        verdict = known("verdict", Verdict.values)
        return cls(text, known("kind", KINDS), known("standing", STANDINGS), verdict, bool(given.get("findings")))

    @property
    def parts(self) -> dict[str, str]:
        """As a query string has it."""
        parts = {"q": self.q, "kind": self.kind, "standing": self.standing, "verdict": self.verdict}
        return {name: value for name, value in {**parts, "findings": "1" if self.findings else ""}.items() if value}

    def rows(self, file: RulesFile) -> QuerySet[ImportItem]:
        """The items, rules first."""
        rows = file.items.all()
        for name, value in (("kind", self.kind), ("standing", self.standing), ("verdict", self.verdict)):
            rows = rows.filter(**{name: value}) if value else rows
        if self.q:
            rows = rows.filter(Q(name__icontains=self.q) | Q(text__icontains=self.q))
        return rows.filter(has_findings=True) if self.findings else rows


@dataclass(frozen=True, slots=True)
class Change:
    """A change of choices: of items by their keys, then of all that a filter shows (a name of TOGETHER)."""

    choices: Mapping[str, str] = field(default_factory=dict)
    together: str = ""
    shown: ItemFilter = field(default_factory=ItemFilter)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the items of an import, and of those that will be imported."""

    rules: int
    definitions: int
    loads: int
    warnings: int
    rejected: int
    chosen_rules: int
    chosen_definitions: int

    @property
    def chosen(self) -> int:
        """All that will be imported."""
        return self.chosen_rules + self.chosen_definitions


def row(item: Item, position: int) -> dict[str, Any]:
    """An item as JSON."""
    text = item.rule.condition if item.rule else item.term.says if item.term else ""
    return {
        "position": position, "key": item.key, "kind": item.kind, "name": item.name, "standing": item.standing,
        "choices": list(item.choices), "choice": item.choices[0], "verdict": verdict(item.findings),
        "has_findings": bool(item.findings), "findings": [_finding(one) for one in item.findings],
        "changes": [one.says for one in item.changes], "notes": list(item.notes), "text": text,
    }  # fmt: skip


def verdict(findings: Iterable[Finding]) -> str:
    """What Falco says: an error rejects, a warning does not."""
    severities = {one.severity for one in findings}
    if Severity.ERROR in severities:
        return Verdict.REJECTED
    return Verdict.WARNINGS if Severity.WARNING in severities else Verdict.LOADS


def store(file: RulesFile, rows: Iterable[Mapping[str, Any]]) -> None:
    """Replace the items of a file; what a person chose stays chosen where it is still possible."""
    by_hand = dict(file.items.filter(by_hand=True).values_list("key", "choice"))
    file.items.all().delete()
    items = [ImportItem(file=file, **clean(one)) for one in rows]
    for one in items:
        if by_hand.get(one.key) in one.choices:
            one.choice, one.by_hand = by_hand[one.key], True
    ImportItem.objects.bulk_create(items, batch_size=200)


def apply(file: RulesFile, change: Change) -> int:
    """Change choices; how many items changed. A choice that an item does not have leaves it as it is."""
    changed: list[ImportItem] = []
    light = ("pk", "key", "standing", "choices", "choice", "by_hand")
    if change.choices:
        for item in file.items.filter(key__in=list(change.choices)).only(*light):
            _choose(item, change.choices[item.key], changed)
    if change.together:
        seen = {one.pk: one for one in changed}
        for item in change.shown.rows(file).only(*light):
            _choose(seen.get(item.pk, item), _together(item, change.together), changed)
    ImportItem.objects.bulk_update({one.pk: one for one in changed}.values(), ["choice", "by_hand"], batch_size=200)
    return len({one.pk for one in changed})


def _choose(item: ImportItem, choice: str, changed: list[ImportItem]) -> None:
    if choice in item.choices and choice != item.choice:
        item.choice, item.by_hand = choice, choice != item.choices[0]
        changed.append(item)


def _together(item: ImportItem, name: str) -> str:
    if name == "suggested":
        return str(item.choices[0])
    if name != "import":
        return name
    return next((one for one in item.choices if one != SKIP), SKIP) if item.standing != "same" else SKIP


def count(file: RulesFile) -> Counts:
    """The numbers of all items."""
    rule, chosen = Q(kind="rule"), ~Q(choice=SKIP)
    found = file.items.aggregate(
        rules=Count("pk", filter=rule),
        definitions=Count("pk", filter=~rule),
        loads=Count("pk", filter=rule & Q(verdict=Verdict.LOADS)),
        warnings=Count("pk", filter=rule & Q(verdict=Verdict.WARNINGS)),
        rejected=Count("pk", filter=rule & Q(verdict=Verdict.REJECTED)),
        chosen_rules=Count("pk", filter=rule & chosen),
        chosen_definitions=Count("pk", filter=~rule & chosen),
    )
    return Counts(**found)


def clean(value: Any) -> Any:
    """JSON without characters that a database cannot store."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, (list, tuple)) else value


def _finding(one: Finding) -> dict[str, Any]:
    start, end = (one.span.start.offset, one.span.end.offset) if one.span else (None, None)
    return {
        "code": one.code, "severity": str(one.severity), "message": one.message, "hint": one.hint, "place": one.place,
        "item": one.item, "start": start, "end": end,
    }  # fmt: skip
