"""Who does this legitimately? Exceptions to suggest: of the chosen behaviours' look-alikes, then the usual ones."""

from __future__ import annotations

from dataclasses import dataclass

from studio.authoring import facts
from studio.authoring.content import ExceptionTable, RuleContent
from studio.authoring.silences import breadth
from studio.behaviours.records import SuggestedException
from studio.lab.silencing import Breadth


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An exception to add with one click. `who`: the legitimate work in words; `table` as it would be added."""

    key: str
    who: str
    table: ExceptionTable

    @property
    def breadth(self) -> Breadth:
        """How much of ordinary life it fits, whatever the rule looks for."""
        return breadth(self.table)


#: What rules of many kinds make exceptions for.
USUAL = (
    ("The root user", ExceptionTable("root_user", ("user.name",), ("=",), (("root",),))),
    (
        "Package managers and what they start",
        ExceptionTable("package_managers", ("proc.pname",), ("in",), (("apt-get, dpkg, dnf, rpm, yum, zypper, apk",),)),
    ),
    (
        "Configuration management",
        ExceptionTable(
            "configuration_management", ("proc.aname",), ("in",), (("ansible, chef-client, puppet, salt-minion",),)
        ),
    ),
    (
        "A backup job of yours: user and parent process",
        ExceptionTable("known_backup_jobs", ("user.name", "proc.pname"), ("=", "="), (("backup", "backup.sh"),)),
    ),
)


def suggested(content: RuleContent) -> list[Suggestion]:
    """What can be added: nothing that the draft has already, each table once with all who need it."""
    who: dict[ExceptionTable, list[str]] = {}
    for work, table in [*_look_alikes(content), *USUAL]:
        known = next((other for other in who if _cases(other) == _cases(table)), table)
        who.setdefault(known, []).append(work)
    present = [_cases(table) for table in content.exceptions]
    left = [(table, works) for table, works in who.items() if _cases(table) not in present]
    names = [table.name for table, _ in left]
    return [
        Suggestion(f"{table.name}-{number}" if names.count(table.name) > 1 else table.name, "; ".join(works), table)
        for number, (table, works) in enumerate(left, start=1)
    ]


def table_of(exception: SuggestedException) -> ExceptionTable:
    """The library's suggestion as a table; a cell of several values joins them by commas."""
    rows = tuple(tuple(_cell(value) for value in row) for row in exception.values)
    return ExceptionTable(exception.name, exception.fields, exception.comps, rows)


def _look_alikes(content: RuleContent) -> list[tuple[str, ExceptionTable]]:
    return [
        (look.who, table_of(look.exception))
        for behaviour in facts.chosen_behaviours(content)
        for look in behaviour.look_alikes
        if look.exception
    ]


def _cell(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value


def _cases(table: ExceptionTable) -> tuple[object, ...]:
    """What a table silences, whatever its name."""
    return (table.fields, table.comps, table.rows)
