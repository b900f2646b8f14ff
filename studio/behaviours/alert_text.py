"""A line of Falco's plain output read as fields: `16:00:29.0014: Critical Disk wiped | user=root command=shred -u /a`.

The keys are those that Falco's own rules print; a value goes on to the next key, since command lines hold blanks.
"""

from __future__ import annotations

import re

_LINE = re.compile(
    r"(?:.{0,200}?\s)?(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:?\d\d)?: "
    r"(?:Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) (?P<rest>.+)"
)
_KEYS = {
    "evt_type": "evt.type",
    "event_type": "evt.type",
    "user": "user.name",
    "user_name": "user.name",
    "user_uid": "user.uid",
    "user_loginuid": "user.loginuid",
    "process": "proc.name",
    "program": "proc.name",
    "proc_name": "proc.name",
    "proc_exepath": "proc.exepath",
    "exepath": "proc.exepath",
    "exe": "proc.exe",
    "parent": "proc.pname",
    "parent_process": "proc.pname",
    "proc_pname": "proc.pname",
    "gparent": "proc.aname[2]",
    "ggparent": "proc.aname[3]",
    "gggparent": "proc.aname[4]",
    "command": "proc.cmdline",
    "cmdline": "proc.cmdline",
    "proc_cmdline": "proc.cmdline",
    "pcmdline": "proc.pcmdline",
    "parent_cmdline": "proc.pcmdline",
    "cwd": "proc.cwd",
    "terminal": "proc.tty",
    "file": "fd.name",
    "fd_name": "fd.name",
    "connection": "fd.name",
    "fd": "fd.name",
    "path": "fs.path.name",
    "target": "fs.path.target",
    "source": "fs.path.source",
    "lport": "fd.lport",
    "rport": "fd.rport",
    "fd_type": "fd.type",
    "fd_proto": "fd.l4proto",
    "flags": "evt.arg.flags",
    "exe_flags": "evt.arg.flags",
    "container_id": "container.id",
    "container_name": "container.name",
    "container_image": "container.image.repository",
    "container_image_repository": "container.image.repository",
    "container_image_tag": "container.image.tag",
    "image": "container.image.repository",
    "k8s_ns": "k8s.ns.name",
    "k8s_ns_name": "k8s.ns.name",
    "k8s_pod": "k8s.pod.name",
    "k8s_pod_name": "k8s.pod.name",
}
_NUMBERS = frozenset({"user.uid", "user.loginuid", "proc.tty", "fd.lport", "fd.rport"})
#: A key after a blank, a bar or the opening parenthesis. Words of a command line that look like one are no keys.
_KEY = re.compile(r"(?:^|[\s|(,])(" + "|".join(sorted(_KEYS, key=len, reverse=True)) + r"|[a-z]+(?:_[a-z0-9]+)+)=")
_SOCKET = re.compile(r"[\w.:\[\]]+->\[?(?P<address>[\w.:]+?)\]?:(?P<port>\d{1,5})")


def read(line: str) -> tuple[str, dict[str, object]] | None:
    """The alert's message without its fields, and the fields; None for a line that is no such alert."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    rest = found["rest"]
    keys = list(_KEY.finditer(rest))
    fields: dict[str, object] = {}
    for number, key in enumerate(keys):
        end = keys[number + 1].start() if number + 1 < len(keys) else len(rest)
        value = rest[key.end() : end].strip(" ,|")
        if value.count(")") > value.count("("):  # older rules put their fields in parentheses
            value = value.removesuffix(")").strip()
        name = _KEYS.get(key[1])
        if name and value not in ("", "<NA>", "null"):
            fields.setdefault(name, _typed(name, value))
    _far_end(fields)
    return (rest[: keys[0].start()] if keys else rest).strip(" |(,"), fields


def _typed(name: str, value: str) -> object:
    return int(value) if name in _NUMBERS and value.lstrip("-").isdigit() and len(value) < 11 else value


def _far_end(fields: dict[str, object]) -> None:
    """The server of a connection that is named as `10.0.0.5:41234->203.0.113.7:443`."""
    found = _SOCKET.fullmatch(str(fields.get("fd.name", "")))
    if found and int(found["port"]) < 65536:
        fields |= {"fd.sip": found["address"], "fd.sport": int(found["port"])}
