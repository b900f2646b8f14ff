"""Events from their compact spelling carry what the usual macros and exceptions read."""

from __future__ import annotations

from typing import Any

import pytest

from rules_export.language.parser import parse
from studio.behaviours import conditions
from studio.behaviours.events import EventSpellingError, build


@pytest.mark.parametrize(
    ("spec", "condition"),
    [
        ({"run": "rm -rf '/a b'"}, 'spawned_process and proc.name = rm and proc.args = "-rf /a b"'),
        ({"run": "rm -rf /x"}, "proc.cmdline = 'rm -rf /x' and proc.exepath = /usr/bin/rm and proc.pname = bash"),
        ({"run": "/tmp/.x/k -a"}, "proc.name = k and proc.exepath = /tmp/.x/k and proc.args[0] = -a"),
        ({"run": "systemd-detect-virt"}, "proc.name = systemd-detect-"),
        ({"run": "x", "env": {"A": "b"}}, "proc.env[A] = b"),
        ({"run": "x", "parent": "sh", "ancestors": ["cron"]}, "proc.aname = cron and proc.aname[1] = sh"),
        ({"write": "/etc/x", "by": "vi /etc/x"}, "open_write and fd.name = /etc/x and fd.directory = /etc"),
        ({"read": "/etc/x", "by": "cat /etc/x"}, "open_read and not open_write and fd.filename = x"),
        (
            {"connect": "203.0.113.7:443", "by": "curl x"},
            "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 443",
        ),
        ({"connect": "[2001:db8::7]:443", "by": "curl x"}, "fd.typechar = 6 and fd.sip = 2001:db8::7"),
        ({"connect": "203.0.113.7:443", "by": "curl x"}, "not fd.snet in (10.0.0.0/8) and fd.cnet in (10.0.0.0/8)"),
        ({"connect": "/run/docker.sock", "by": "docker ps"}, "fd.typechar = u and fd.name = /run/docker.sock"),
        ({"accept": "198.51.100.1:1000", "by": "nginx", "port": 80}, "evt.type = accept4 and fd.lport = 80"),
        ({"listen": 22, "by": "sshd"}, "evt.type = listen and fd.sport = 22"),
        ({"remove": "/a", "by": "rm /a"}, "evt.type = unlinkat and fs.path.name = /a and evt.rawres >= 0"),
        ({"rename": ["/a", "/b"], "by": "mv /a /b"}, "fs.path.source = /a and fs.path.target = /b"),
        ({"run": "sh", "in": "docker.io/library/nginx:1"}, "container and container.image.tag = 1"),
        ({"run": "sh"}, "not container and container.id = host"),
        ({"run": "x", "user": "root"}, "user.uid = 0 and user.name = root"),
        ({"remove": "/a", "by": "rm /a", "result": "EPERM"}, "evt.res = EPERM and evt.failed = true"),
        ({"call": "ptrace", "by": "x", "args": {"request": "PTRACE_ATTACH"}}, "evt.arg.request = PTRACE_ATTACH"),
        ({"run": "x", "fields": {"proc.tty": 0}}, "proc.tty = 0"),
        ({"run": "ls"}, "proc.pname = bash and proc.aname[2] = sshd and proc.tty != 0 and proc.sname = bash"),
        (
            {"run": "chronyd -F 1", "user": "root"},
            "proc.pname = systemd and proc.ppid = 1 and proc.tty = 0 and user.loginuid = -1 and proc.sname = chronyd",
        ),
        ({"read": "/x", "by": "mysqld", "user": "mysql"}, "user.uid < 1000 and user.loginuid = -1"),
        ({"run": "id", "user": "www-data"}, "proc.pname = sh and proc.aname[2] = php-fpm and not proc.aname = sshd"),
        ({"run": "firefox", "user": "carla"}, "proc.pname = systemd and user.uid >= 1000 and user.loginuid >= 1000"),
        ({"run": "python3 app.py", "user": "deploy", "parent": "systemd"}, "user.uid = 1001 and user.loginuid = -1"),
        ({"run": "./kd -a", "cwd": "/tmp/.x"}, "proc.exepath = /tmp/.x/kd and proc.exe = ./kd and proc.cwd = /tmp/.x/"),
        ({"run": "holiday\u202egpj.elf"}, "proc.name = holiday\u202egpj.e"),
        ({"run": "systemd-udevd"}, "proc.exepath = /usr/lib/systemd/systemd-udevd"),
        (
            {"run": "sh -c x", "parent": "php-fpm"},
            "proc.aname[2] = systemd and not proc.aname[3] exists and proc.tty = 0",
        ),
        ({"run": "sed x", "parent": "dpkg", "ancestors": ["apt-get"]}, "proc.aname[3] = bash and proc.aname[4] = sshd"),
        ({"run": "x", "parent": "cron", "ancestors": ["cron"]}, "proc.aname[2] = systemd and proc.tty = 0"),
        (
            {"run": "curl x", "in": "nginx"},
            "proc.pname = sh and proc.aname[2] = containerd-shim and not proc.aname = sshd and user.loginuid = -1",
        ),
        ({"run": "nginx -g x", "in": "nginx"}, "proc.pname = containerd-shim and proc.vpid = 1 and proc.tty = 0"),
        ({"run": "bash -i", "in": "nginx"}, "proc.pname = containerd-shim and proc.tty != 0"),
    ],
)
def test_it_matches_what_a_rule_would_ask(spec: dict[str, Any], condition: str) -> None:
    assert conditions.matcher(parse(condition)).matches(build(spec))


def test_it_is_the_same_every_time() -> None:
    assert build({"run": "rm -rf /x"}) == build({"run": "rm -rf /x"})


@pytest.mark.parametrize("spec", [{}, {"run": "a", "read": "/b"}, {"run": ""}, {"read": "/a"}, {"run": "a", "nope": 1}])
def test_it_refuses_what_it_cannot_spell(spec: dict[str, Any]) -> None:
    with pytest.raises(EventSpellingError):
        build(spec)
