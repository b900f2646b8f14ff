"""Sample events from a compact spelling: `run: rm -rf /backup`, `write: /etc/crontab`, `connect: 203.0.113.7:4444`.

The result is a flat mapping of Falco's field names to values, as the engine would extract them from the system call:
complete enough for the usual macros (spawned_process, open_write, container, outbound …). Deterministic: the same
spelling gives the same process numbers.
"""

from __future__ import annotations

import posixpath
import shlex
import zlib
from collections.abc import Mapping
from typing import Any

from studio.behaviours import lineage
from studio.behaviours.event_calls import BUILDERS, Fields
from studio.behaviours.words import names

ACTORS = (
    "user",
    "parent",
    "parent_exe",
    "ancestors",
    "in",
    "cwd",
    "tty",
    "exe",
    "by",
    "env",
    "fields",
    "name",
    "result",
)
_PEOPLE = {
    "root": 0,
    "daemon": 1,
    "www-data": 33,
    "nobody": 65534,
    "postgres": 70,
    "nginx": 101,
    "deploy": 1001,
    "anna": 1002,
}
_ACCOUNTS = names(
    """
    gitlab-runner prometheus mysql redis tomcat zabbix solr postfix app telegraf tinyproxy debian-tor motion
    jenkins nagios confluence hdfs vmail ddclient jboss minecraft apache backup grafana elasticsearch
    mongodb rabbitmq haproxy squid
    """
)
_SBIN = names(
    """
    sshd cron auditctl iptables ip6tables nft insmod rmmod modprobe useradd usermod userdel groupadd adduser
    visudo mkfs.ext4 mkfs.xfs mkswap lvremove vgremove zfs zpool shutdown reboot poweroff halt tcpdump
    setenforce update-grub grub-mkconfig debugfs dmidecode fdisk cryptsetup ldconfig logrotate ip sysctl
    setcap getcap blockdev wipefs chpasswd ufw arp nginx runc rsyslogd auditd chroot pivot_root swapoff
    ifconfig route unix_chkpwd pwck chronyd ntpd agetty apache2 httpd haproxy squid named dnsmasq dhclient dhcpd mysqld
    mariadbd slapd smbd winbindd sssd cupsd dovecot exim4 sendmail postconf postsuper NetworkManager openvpn smartd
    avahi-daemon rpcbind xl2tpd php-fpm php-fpm8.2 pppd tc bpftool iw rfkill losetup fsck.ext4 e2fsck tune2fs lvs vgs
    lvcreate vgchange mkinitramfs update-initramfs grub-install update-ca-certificates cron crond atd anacron
    addgroup deluser groupmod groupdel vipw usbguard-daemon conntrack ethtool hping3 arpspoof swapon kexec
    nologin ausearch aureport augenrules auditd aa-teardown apparmor_parser
    """
)
_SYSTEMD = names(
    """
    systemd systemd-udevd systemd-journald systemd-logind systemd-networkd systemd-resolved systemd-timesyncd
    systemd-machined systemd-shutdown systemd-binfmt systemd-sysctl systemd-modules-load systemd-update-utmp
    """
)


class EventSpellingError(ValueError):
    """A compact event that cannot be read; the message says which part."""


def build(spec: Mapping[str, Any], *, user: str = "deploy") -> Fields:
    """The fields of one event. `user` runs it where the spelling names nobody. Raises EventSpellingError."""
    kinds = [key for key in spec if key in BUILDERS]
    if len(kinds) != 1:
        raise EventSpellingError(f"an event needs exactly one of {', '.join(BUILDERS)}; found {kinds or 'none'}")
    kind = kinds[0]
    call = BUILDERS[kind]
    unknown = set(spec) - {kind, *call.options, *ACTORS}
    if unknown:
        raise EventSpellingError(f"unknown keys for a {kind} event: {', '.join(sorted(map(str, unknown)))}")
    _shapes(kind, spec)
    command = spec[kind] if kind in ("run", "argv") else spec.get("by")
    if command is None:
        raise EventSpellingError(f"a {kind} event needs by: the command line of the process")
    fields: Fields = {"evt.source": "syscall", "evt.is_async": False}
    image = str(spec.get("in", "host"))
    person = str(spec.get("user", user if image == "host" else "root"))
    process = _process(command, person, spec)
    fields |= process | _user(person, str(process["proc.aname"]).split(), contained=image != "host") | _container(image)
    fields |= call.fields(spec[kind], spec)
    fields |= _result(spec.get("result"))
    fields["evt.category"] = call.category
    fields["syscall.type"] = fields["evt.type"]
    fields.update(spec.get("fields", {}))
    return dict(sorted(fields.items()))


def _shapes(kind: str, spec: Mapping[str, Any]) -> None:
    """Refuse values of another shape than their key has."""
    value = spec[kind]
    if kind == "rename":
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(path, str) for path in value)):
            raise EventSpellingError("rename: needs the old path and the new one, as a list of two")
    elif kind == "argv":
        if not isinstance(value, list) or not value:
            raise EventSpellingError("argv: needs a list of words")
    elif kind != "listen" and not isinstance(value, str):
        raise EventSpellingError(f"{kind}: must be text")
    for key in ("env", "fields", "args"):
        if not isinstance(spec.get(key, {}), Mapping):
            raise EventSpellingError(f"{key}: must be a mapping of names to values")
    if not isinstance(spec.get("ancestors", []), list | tuple):
        raise EventSpellingError("ancestors: must be a list of names")
    for key in ("parent", "by"):
        if key in spec and not words(spec[key]):
            raise EventSpellingError(f"{key}: must be a command line")


def words(command: str | list[str]) -> list[str]:
    """A command line split as a simple shell command; the words as given when it is a list or the quoting is broken."""
    if not isinstance(command, str):
        return [str(word) for word in command] if isinstance(command, list | tuple) else []
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def program_path(argv0: str) -> str:
    """Where a program usually lives, for a name without a path."""
    name = argv0.lstrip("-")
    if "/" in name:
        return name
    if name in _SYSTEMD:
        return f"/usr/lib/systemd/{name}"
    return f"/usr/sbin/{name}" if name in _SBIN else f"/usr/bin/{name}"


def _process(command: str | list[str], person: str, spec: Mapping[str, Any]) -> Fields:
    argv = words(command)
    if not argv:
        raise EventSpellingError("the command line is empty")
    cwd = str(spec.get("cwd", "/")).rstrip("/") + "/"
    exepath = str(spec.get("exe", program_path(argv[0])))
    if "/" in exepath and not exepath.startswith(("/", "memfd:")):
        exepath = posixpath.normpath(cwd + exepath)
    name = lineage.short(argv[0])
    args = " ".join(argv[1:])
    pid = 2000 + zlib.crc32(repr(argv).encode()) % 30000
    fields: Fields = {
        "proc.name": name,
        "proc.exe": argv[0],
        "proc.exepath": exepath,
        "proc.args": args,
        "proc.cmdline": f"{name} {args}".rstrip(),
        "proc.exeline": f"{argv[0]} {args}".rstrip(),
        "proc.cmdnargs": len(argv) - 1,
        "proc.cmdlenargs": sum(len(word) for word in argv[1:]),
        "proc.cwd": cwd,
        "proc.pid": pid,
        "proc.vpid": pid,
        "proc.is_exe_writable": False,
        "proc.is_exe_upper_layer": False,
        "proc.is_exe_from_memfd": exepath.startswith("memfd:"),
        "thread.tid": pid,
    }
    fields |= {f"proc.args[{index}]": word for index, word in enumerate(argv[1:10])}
    fields |= {f"proc.env[{key}]": str(value) for key, value in spec.get("env", {}).items()}
    if spec.get("env"):
        fields["proc.env"] = " ".join(f"{key}={value}" for key, value in spec["env"].items())
    return fields | _ancestry(name, person, spec, pid)


def _ancestry(name: str, person: str, spec: Mapping[str, Any], pid: int) -> Fields:
    contained = spec.get("in", "host") != "host"
    parent = words(spec.get("parent", lineage.parent_of(name, person, contained=contained)))
    given = None if spec.get("ancestors") is None else [str(one) for one in spec["ancestors"]]
    ancestors = lineage.ancestry(lineage.short(parent[0]), given, person, contained=contained)
    terminal = lineage.has_terminal(name, ancestors)
    fields: Fields = {
        "proc.pname": ancestors[0],
        "proc.pexe": parent[0],
        "proc.pexepath": str(spec.get("parent_exe", program_path(parent[0]))),
        "proc.pcmdline": " ".join([ancestors[0], *parent[1:]]),
        "proc.ppid": 1 if parent == ["systemd"] else pid - 7,
        "proc.sname": lineage.session_leader(name, ancestors),
        "proc.aname": " ".join(ancestors),
        "proc.tty": int(spec.get("tty", 34816 if terminal else 0)),
    }
    if contained:
        fields["proc.vpid"] = 1 if ancestors[0] == "containerd-shim" else 7 + pid % 300
    return fields | {f"proc.aname[{index}]": ancestor for index, ancestor in enumerate(ancestors, 1)}


def _user(name: str, ancestors: list[str], *, contained: bool) -> Fields:
    """Who runs it. Root came by way of a person's session, as with sudo, where one is among the ancestors."""
    signed_in = "sshd" in ancestors or "sshd-session" in ancestors
    number = zlib.crc32(name.encode()) % 500
    uid = _PEOPLE.get(name, 200 + number if name in _ACCOUNTS else 1000 + number)
    on_a_desktop = uid >= 1000 and name != "deploy"  # deploy is also who runs services
    person = not contained and (uid == 0 or uid >= 1000) and (signed_in or on_a_desktop)
    return {
        "user.name": name,
        "user.uid": uid,
        "user.loginuid": (1001 if uid == 0 else uid) if person else -1,
        "user.loginname": ("deploy" if uid == 0 else name) if person else "<NA>",
        "user.homedir": "/root" if uid == 0 else f"/home/{name}",
        "user.shell": "/bin/bash" if uid == 0 or person else "/usr/sbin/nologin",
        "group.gid": uid,
        "group.name": name,
    }


def _container(image: str) -> Fields:
    if image == "host":
        return {"container.id": "host", "container.full_id": "host", "container.name": "host", "container.type": "host"}
    repository, _, tag = image.partition(":")
    full = f"{zlib.crc32(image.encode()):08x}{zlib.adler32(image.encode()):08x}" * 4
    name = posixpath.basename(repository)
    return {
        "container.id": full[:12],
        "container.full_id": full,
        "container.name": name,
        "container.type": "containerd",
        "container.image": f"{repository}:{tag or 'latest'}",
        "container.image.repository": repository,
        "container.image.tag": tag or "latest",
        "container.privileged": False,
        "k8s.ns.name": "default",
        "k8s.pod.name": f"{name}-0",
    }


def _result(result: str | None) -> Fields:
    if result is None:
        return {}
    return {"evt.res": result, "evt.failed": True, "evt.rawres": -1, "evt.arg.res": result}
