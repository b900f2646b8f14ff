"""Things to try in the lab, for somebody who comes for the first time."""

from __future__ import annotations

import json
from collections.abc import Mapping

_RM = {
    "evt.type": "execve", "evt.rawres": 0, "evt.failed": False, "proc.name": "rm", "proc.args": "-rf /backup/monday",
    "proc.cmdline": "rm -rf /backup/monday", "proc.pname": "bash", "user.name": "deploy", "container.id": "host",
}  # fmt: skip
_RMDIR = {**_RM, "proc.name": "rmdir", "proc.args": "/backup/monday", "proc.cmdline": "rmdir /backup/monday"}
_SHELL = {
    "output": "…", "rule": "Terminal shell in container", "priority": "Notice",
    "output_fields": {
        "evt.type": "execve", "evt.rawres": 0, "evt.failed": False, "proc.name": "bash", "proc.tty": 34816,
        "proc.cmdline": "bash -i", "container.id": "4f1c2d3e5a6b", "container.name": "shop-api", "user.name": "root",
    },
}  # fmt: skip
_CONDITION = "spawned_process and proc.name = rm and proc.args contains /backup"
_YAML = """\
- list: erasers
  items: [rm, shred, wipe]

- macro: erases
  condition: spawned_process and proc.name in (erasers)

- rule: Backups erased
  desc: Somebody erases backups.
  condition: erases and proc.args contains /backup
  output: Backups erased | command=%proc.cmdline user=%user.name
  priority: CRITICAL
  tags: [host, T1490]

- rule: Shell in a container
  desc: Somebody opens a shell in a container.
  condition: spawned_process and container and proc.name in (bash, sh) and proc.tty != 0
  output: Shell in %container.name | command=%proc.cmdline
  priority: NOTICE
  tags: [container, T1059.004]
"""

#: Key → words, and what it fills the form with.
EXAMPLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "condition": (
        "A condition and a near miss",
        {"condition": _CONDITION, "lines": "\n".join(json.dumps(one) for one in (_RM, _RMDIR))},
    ),
    "rules": (
        "Two rules as YAML and an alert of Falco",
        {"condition": _YAML, "lines": "\n".join(json.dumps(one) for one in (_RM, _SHELL))},
    ),
}
