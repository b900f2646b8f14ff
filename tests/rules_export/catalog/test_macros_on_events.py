"""The library's macros, held against events."""

from __future__ import annotations

import pytest

from rules_export.evaluation.matcher import compile_condition
from rules_export.lints.context import LintContext

LIBRARY = LintContext.of_library()
EXEC = {"evt.type": "execve", "proc.name": "rm", "proc.exepath": "/usr/bin/rm", "container.id": "host"}
OPENED = {"evt.type": "openat", "fd.typechar": "f", "fd.num": 3, "fd.name": "/etc/shadow", "fd.directory": "/etc"}
CONNECTED = {"evt.type": "connect", "fd.typechar": "4", "evt.rawres": 0, "fd.type": "ipv4", "fd.sport": 22}


def server(address: str) -> dict[str, str]:
    """The fields of a connection to this address."""
    return dict.fromkeys(["fd.sip", "fd.ip", "fd.rip", "fd.net", "fd.snet", "fd.rnet"], address) | {
        "fd.cip": "10.0.0.7"
    }


@pytest.mark.parametrize(
    ("macro", "event", "holds"),
    [
        ("spawned_process", EXEC, True),
        ("spawned_process", OPENED, False),
        ("open_write", OPENED | {"evt.is_open_write": True}, True),
        ("open_write", OPENED | {"evt.is_open_write": False}, False),
        ("open_write", OPENED | {"evt.is_open_write": True, "fd.num": -1}, False),
        ("open_read", OPENED | {"evt.is_open_read": True, "fd.typechar": "d"}, False),
        ("sensitive_files", OPENED, True),
        ("sensitive_files", OPENED | {"fd.name": "/etc/hosts"}, False),
        ("container", EXEC, False),
        ("container", EXEC | {"container.id": "3ad7b26ded6d"}, True),
        ("tmp_dir", OPENED | {"fd.name": "/tmp/x"}, True),
        ("tmp_dir", OPENED | {"fd.name": "/tmpfs/x"}, False),
        ("boot_dir", OPENED | {"fd.name": "/etc/default/grub"}, True),
        ("shell_procs", EXEC | {"proc.name": "bash"}, True),
        ("user_mgmt_procs", EXEC | {"proc.name": "usermod"}, True),
        ("package_mgmt_procs", EXEC | {"proc.name": "dpkg"}, True),
        ("clear_data_procs", EXEC | {"proc.name": "mkfs.ext4"}, True),
        ("clear_data_procs", EXEC, False),
        ("outbound", CONNECTED | server("203.0.113.9"), True),
        ("outbound", CONNECTED | server("10.1.2.3"), False),
        ("ssh_port", CONNECTED, True),
        ("never_true", EXEC | {"evt.num": 1}, False),
        ("always_true", EXEC | {"evt.num": 1}, True),
    ],
)
def test_they_hold_where_they_say(macro: str, event: dict[str, object], holds: bool) -> None:
    assert compile_condition(LIBRARY.whole_macros[macro]).matches(event) is holds
