"""What an output leaves out that an analyst will ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.errors import EngineError, OutputError
from rules_export.language.visitor import fields_used
from rules_export.output.template import parse, prepare
from studio.authoring.clauses import parsed
from studio.authoring.outputs import APPENDED, FieldSet

#: A field of the condition → fields of the output that say as much.
_SAID_BY = {
    "proc.args": ("proc.cmdline",),
    "proc.name": ("proc.cmdline", "proc.exepath", "proc.exe"),
    "proc.exe": ("proc.cmdline", "proc.exepath"),
    "proc.exepath": ("proc.exe",),
    "proc.pname": ("proc.pcmdline", "proc.pexepath"),
    "proc.tty": (),
    "fd.directory": ("fd.name",),
    "fd.filename": ("fd.name",),
    "fd.nameraw": ("fd.name",),
    "user.name": ("user.uid",),
    "user.uid": ("user.name",),
    "user.loginuid": ("user.loginname",),
}
_ENDS = ("fd.sip", "fd.cip", "fd.rip", "fd.lip", "fd.sport", "fd.cport", "fd.rport", "fd.lport", "fd.sip.name")
#: Fields that choose events and tell an analyst nothing more.
_QUIET = ("evt.", "proc.is_", "proc.aname", "thread.", "container.", "k8s.", "syscall.")


@dataclass(frozen=True, slots=True)
class Lack:
    """A complaint about the output, and the fields that settle it."""

    says: str
    fields: tuple[str, ...]


def lacks(output: str, condition: str, sets: Iterable[FieldSet]) -> list[Lack]:
    """All that is missing, by the fields that the condition tests and by the sets that fit its events."""
    try:
        template = parse(prepare(output)[0])
    except (OutputError, EngineError):
        return []
    printed = {used.name for used in template.fields}
    return [*_essential(printed, sets), *_tested(printed, condition)]


def _essential(printed: set[str], sets: Iterable[FieldSet]) -> Iterable[Lack]:
    fits = {one.slug: one for one in sets if one.fits}
    if not any(name.startswith("user.") for name in printed):
        yield Lack("The alert does not say who did it.", ("user.name",))
    if not printed & {"proc.cmdline", "proc.exepath", "proc.exe", "proc.name", "proc.args"}:
        yield Lack("The alert does not say which process did it.", ("proc.cmdline",))
    about = any(name.startswith(("fd.", "fs.path.", "evt.arg", "evt.rawarg", "evt.abspath")) for name in printed)
    if "network" in fits and not about:
        yield Lack("The alert does not say which connection it was.", ("fd.name",))
    if "file" in fits and not about:
        yield Lack("The alert does not say which file it was.", tuple(fits["file"].fields))


def _tested(printed: set[str], condition: str) -> Iterable[Lack]:
    tree = parsed(condition)
    names = dict.fromkeys(used.name for used in fields_used(tree)) if tree else {}
    missing = [name for name in names if not _is_said(name, printed) and _can_be_printed(name)]
    if missing:
        yield Lack(
            f"The condition looks at {_series(missing)}; the alert does not show {_it(missing)}.", tuple(missing)
        )


def _is_said(name: str, printed: set[str]) -> bool:
    if name in printed or name in APPENDED or name.startswith(_QUIET):
        return True
    if name in _ENDS and "fd.name" in printed:
        return True
    return any(other in printed for other in _SAID_BY.get(name, ()))


def _can_be_printed(name: str) -> bool:
    """Whether the field stands without an argument."""
    try:
        lookup(name)
    except CatalogError:
        return False
    return True


def _series(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
