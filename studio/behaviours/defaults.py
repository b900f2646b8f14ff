"""What a behaviour need not say: the usual output fields, priorities in Falco's order, references by short name."""

from __future__ import annotations

from collections.abc import Iterable

from studio.behaviours.records import Reference, SampleEvent

PRIORITIES = ("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG")
_PROCESS = (
    "evt.type",
    "user.name",
    "user.uid",
    "user.loginuid",
    "proc.name",
    "proc.exepath",
    "proc.pname",
    "proc.cmdline",
    "proc.tty",
)
_EXTRA = {
    "fd.sip": ("fd.name", "fd.lport", "fd.rport", "fd.type", "fd.l4proto"),
    "fd.name": ("fd.name",),
    "fs.path.target": ("fs.path.source", "fs.path.target"),
    "fs.path.name": ("fs.path.name",),
}


def default_output(events: Iterable[SampleEvent], extra: Iterable[str]) -> tuple[str, ...]:
    """The fields worth printing for these events, in the ecosystem's order, with the behaviour's own after them."""
    seen = dict.fromkeys(_PROCESS)
    for event in events:
        for marker, fields in _EXTRA.items():
            if marker in event.fields:
                seen |= dict.fromkeys(fields)
                break
    return tuple(seen | dict.fromkeys(extra))


def reference(text: str) -> Reference:
    """`T1490` → ATT&CK's page, `rm(1)` → its manual page, `Title https://…` as it stands. Raises ValueError."""
    if text.startswith("T") and text[1:5].isdigit():
        return Reference(f"ATT&CK {text}", f"https://attack.mitre.org/techniques/{text.replace('.', '/')}/")
    if text.endswith(")") and "(" in text and " " not in text:
        page, _, section = text[:-1].partition("(")
        return Reference(text, f"https://man7.org/linux/man-pages/man{section[:1]}/{page}.{section}.html")
    title, _, url = text.rpartition(" ")
    if not url.startswith("https://"):
        raise ValueError(f"references: {text!r} is neither a technique, a manual page nor “Title https://…”")
    return Reference(title or url, url)
