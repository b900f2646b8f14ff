"""Who does this legitimately? Exceptions to suggest: those of the chosen behaviours' look-alikes, then the usual ones."""

from __future__ import annotations

from dataclasses import dataclass

from studio.authoring import facts
from studio.authoring.content import ExceptionTable, RuleContent
from studio.authoring.suggestions import slug
from studio.behaviours.records import LookAlike, SuggestedException


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An exception to add with one click. `who`: the legitimate work in words; `table` as it would be added."""

    key: str
    who: str
    table: ExceptionTable


#: What rules of many kinds make exceptions for.
USUAL = (
    Suggestion("root", "The root user", ExceptionTable("root_user", ("user.name",), ("=",), (("root",),))),
    Suggestion(
        "package-managers",
        "Package managers and what they start",
        ExceptionTable("package_managers", ("proc.pname",), ("in",), (("apt-get, dpkg, dnf, rpm, yum, zypper, apk",),)),
    ),
    Suggestion(
        "configuration-management",
        "Configuration management",
        ExceptionTable(
            "configuration_management", ("proc.aname",), ("in",), (("ansible, chef-client, puppet, salt-minion",),)
        ),
    ),
    Suggestion(
        "backup-jobs",
        "A backup job of yours: user and parent process",
        ExceptionTable("known_backup_jobs", ("user.name", "proc.pname"), ("=", "="), (("backup", "backup.sh"),)),
    ),
)


def suggested(content: RuleContent) -> list[Suggestion]:
    """What can be added: nothing that the draft has already, and each table once."""
    present = {_key(table) for table in content.exceptions}
    found: list[Suggestion] = []
    for item in [*_look_alikes(content), *USUAL]:
        if _key(item.table) not in present:
            found.append(item)
            present.add(_key(item.table))
    return found


def table_of(exception: SuggestedException) -> ExceptionTable:
    """The library's suggestion as a table; a cell of several values joins them by commas."""
    rows = tuple(tuple(_cell(value) for value in row) for row in exception.values)
    return ExceptionTable(exception.name, exception.fields, exception.comps, rows)


def _look_alikes(content: RuleContent) -> list[Suggestion]:
    return [
        _suggestion(behaviour.id, look, look.exception)
        for behaviour in facts.chosen_behaviours(content)
        for look in behaviour.look_alikes
        if look.exception
    ]


def _suggestion(behaviour: str, look: LookAlike, exception: SuggestedException) -> Suggestion:
    return Suggestion(f"{behaviour}/{slug(exception.name)}"[:120], look.who, table_of(exception))


def _cell(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value


def _key(table: ExceptionTable) -> tuple[object, ...]:
    return (table.fields, table.comps, table.rows)
