"""What each kind of system call adds to a sample event: the fields of its own arguments and of its file descriptor."""

from __future__ import annotations

import ipaddress
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Fields = dict[str, object]
_SUCCESS: Fields = {"evt.res": "SUCCESS", "evt.rawres": 0, "evt.failed": False, "evt.arg.res": "0"}
_NOT_OPEN: Fields = {
    "evt.is_open_read": False,
    "evt.is_open_write": False,
    "evt.is_open_exec": False,
    "evt.is_open_create": False,
}


#: Calls whose result is a descriptor: Falco gives it as `evt.arg.fd`, not as `evt.arg.res`.
_GIVE_A_DESCRIPTOR = frozenset(
    {"socket", "bpf", "memfd_create", "pidfd_getfd", "pidfd_open", "userfaultfd", "openat", "open_by_handle_at"}
)
#: Events without a result among their arguments, or of which Falco knows no arguments at all.
_GIVE_NOTHING = frozenset({"procexit", "reboot", "kexec_load", "kexec_file_load"})


@dataclass(frozen=True, slots=True)
class Call:
    """How one kind of event is spelled: its category, the keys it takes besides, and the builder of its fields."""

    category: str
    fields: Callable[[Any, Mapping[str, Any]], Fields]
    options: tuple[str, ...] = ()


def _run(_: object, spec: Mapping[str, Any]) -> Fields:
    return {"evt.type": spec.get("type", "execve")} | _SUCCESS | _NOT_OPEN


def _opened(mode: str) -> Callable[[Any, Mapping[str, Any]], Fields]:
    flags = {
        "read": "O_RDONLY|O_CLOEXEC",
        "write": "O_CREAT|O_WRONLY|O_TRUNC|O_F_CREATED",
        "edit": "O_RDWR",
        "append": "O_APPEND|O_CREAT|O_WRONLY",
    }[mode]

    def build(path: str, spec: Mapping[str, Any]) -> Fields:
        return (
            {"evt.type": spec.get("type", "openat"), "evt.rawres": 3, "evt.res": "SUCCESS", "evt.failed": False}
            | {"evt.is_open_read": mode in ("read", "edit"), "evt.is_open_write": mode != "read"}
            | {"evt.is_open_exec": False, "evt.is_open_create": mode == "write"}
            | {"evt.arg.flags": flags, "evt.arg.mode": "0644", "evt.arg.dirfd": "AT_FDCWD", "evt.arg.fd": f"<f>{path}"}
            | _file(path)
        )

    return build


def _file(path: str) -> Fields:
    return {"evt.arg.name": path, "fs.path.name": path, "fs.path.nameraw": path, "fd.nameraw": path} | {
        "fd.name": path,
        "fd.directory": posixpath.dirname(path),
        "fd.filename": posixpath.basename(path),
        "fd.type": "file",
        "fd.typechar": "f",
        "fd.num": 3,
        "fd.connected": False,
    }


def _socket(client: tuple[str, int], server: tuple[str, int], proto: str, *, serving: bool) -> Fields:
    six = ipaddress.ip_address(server[0]).version == 6
    local, remote = (server, client) if serving else (client, server)
    name = f"{client[0]}:{client[1]}->{server[0]}:{server[1]}"
    return {
        "fd.name": name,
        "fd.num": 5,
        "fd.type": "ipv6" if six else "ipv4",
        "fd.typechar": "6" if six else "4",
        "fd.sockfamily": "ip",
        "fd.l4proto": proto,
        "fd.is_server": serving,
        "fd.connected": True,
        "fd.name_changed": True,
        "fd.cip": client[0],
        "fd.sip": server[0],
        "fd.lip": local[0],
        "fd.rip": remote[0],
        "fd.cport": client[1],
        "fd.sport": server[1],
        "fd.lport": local[1],
        "fd.rport": remote[1],
        "fd.cproto": str(client[1]),
        "fd.sproto": str(server[1]),
        "evt.arg.tuple": name,
        "evt.arg.fd": f"<{6 if six else 4}{'u' if proto == 'udp' else 't'}>{name}",
    }


def endpoint(text: str) -> tuple[str, int]:
    """`203.0.113.7:443` or `[2001:db8::1]:443` as address and port."""
    host, _, port = str(text).rpartition(":")
    return host.strip("[]"), int(port)


def _connect(target: str, spec: Mapping[str, Any]) -> Fields:
    fields: Fields = {"evt.type": "connect"} | _SUCCESS | _NOT_OPEN
    if str(target).startswith("/"):
        return fields | {"fd.name": target, "fd.num": 5, "fd.type": "unix", "fd.typechar": "u", "fd.sockfamily": "unix"}
    server = endpoint(target)
    ours = "2001:db8::5" if ":" in server[0] else "10.0.0.5"
    return fields | _socket(
        (ours, int(spec.get("from_port", 41234))), server, str(spec.get("proto", "tcp")), serving=False
    )


def _send(target: str, spec: Mapping[str, Any]) -> Fields:
    return _connect(target, {"proto": "udp", **spec}) | {"evt.type": "sendto", "evt.arg.size": "64", "evt.rawres": 64}


def _accept(source: str, spec: Mapping[str, Any]) -> Fields:
    port = int(spec.get("port", 80))
    fields = _socket(endpoint(source), ("10.0.0.5", port), "tcp", serving=True)
    return fields | {"evt.type": "accept4", "evt.rawres": 5, "evt.res": "SUCCESS", "evt.failed": False} | _NOT_OPEN


def _listen(port: int, spec: Mapping[str, Any]) -> Fields:
    address = str(spec.get("address", "0.0.0.0"))  # noqa: S104 (a sample, nothing listens)
    return (
        {"evt.type": spec.get("type", "listen")}
        | ({"evt.arg.backlog": "128"} if spec.get("type", "listen") == "listen" else {})
        | _SUCCESS
        | _NOT_OPEN
        | {
            "fd.name": f"{address}:{port}",
            "fd.num": 4,
            "fd.type": "ipv4",
            "fd.typechar": "4",
            "fd.l4proto": str(spec.get("proto", "tcp")),
            "fd.sockfamily": "ip",
            "fd.is_server": True,
            "fd.connected": False,
            "fd.sip": address,
            "fd.sport": int(port),
        }
    )


def _remove(path: str, spec: Mapping[str, Any]) -> Fields:
    kind = spec.get("type", "unlinkat")
    argument = "evt.arg.path" if kind in ("unlink", "rmdir") else "evt.arg.name"
    return {"evt.type": kind, argument: path, "fs.path.name": path, "fs.path.nameraw": path} | _SUCCESS | _NOT_OPEN


def _rename(paths: list[str], spec: Mapping[str, Any]) -> Fields:
    old, new = paths
    return (
        {"evt.type": spec.get("type", "renameat2"), "evt.arg.oldpath": old, "evt.arg.newpath": new}
        | _SUCCESS
        | {
            "fs.path.source": old,
            "fs.path.sourceraw": old,
            "fs.path.target": new,
            "fs.path.targetraw": new,
        }
    )


def _chmod(path: str, spec: Mapping[str, Any]) -> Fields:
    kind = spec.get("type", "fchmodat")
    mode = str(spec.get("mode", "S_IXUSR|S_IWUSR|S_IRUSR"))
    fields = {"evt.type": kind, "evt.arg.mode": mode, "evt.arg.filename": path} | _SUCCESS
    return fields | {"fs.path.name": path, "fs.path.nameraw": path}


def _chown(path: str, spec: Mapping[str, Any]) -> Fields:
    kind = spec.get("type", "fchownat")
    argument = "evt.arg.pathname" if kind == "fchownat" else "evt.arg.path"
    owner = str(spec.get("owner", "root"))
    fields = {"evt.type": kind, argument: path, "evt.arg.uid": owner, "evt.arg.gid": owner} | _SUCCESS
    return fields | {"fs.path.name": path, "fs.path.nameraw": path}


def _symlink(path: str, spec: Mapping[str, Any]) -> Fields:
    return {"evt.type": "symlinkat", "evt.arg.linkpath": path, "evt.arg.target": str(spec["to"])} | _SUCCESS


def _make_directory(path: str, _: Mapping[str, Any]) -> Fields:
    return {"evt.type": "mkdirat", "evt.arg.path": path, "evt.arg.mode": "1ED"} | _SUCCESS


def _call(name: str, spec: Mapping[str, Any]) -> Fields:
    arguments: Fields = {f"evt.arg.{key}": str(value) for key, value in spec.get("args", {}).items()}
    fields = {"evt.type": name} | _SUCCESS | _NOT_OPEN
    if name in _GIVE_A_DESCRIPTOR | _GIVE_NOTHING:
        del fields["evt.arg.res"]
    if name in _GIVE_A_DESCRIPTOR:
        fields["evt.rawres"] = 3
    return fields | arguments


BUILDERS: Mapping[str, Call] = {
    "run": Call("process", _run, ("type",)),
    "argv": Call("process", _run, ("type",)),
    "read": Call("file", _opened("read"), ("type",)),
    "write": Call("file", _opened("write"), ("type",)),
    "edit": Call("file", _opened("edit"), ("type",)),
    "append": Call("file", _opened("append"), ("type",)),
    "remove": Call("file", _remove, ("type",)),
    "rename": Call("file", _rename, ("type",)),
    "chmod": Call("file", _chmod, ("type", "mode")),
    "chown": Call("file", _chown, ("type", "owner")),
    "symlink": Call("file", _symlink, ("to",)),
    "mkdir": Call("file", _make_directory),
    "connect": Call("net", _connect, ("proto", "from_port")),
    "send": Call("net", _send, ("from_port",)),
    "accept": Call("net", _accept, ("port",)),
    "listen": Call("net", _listen, ("address", "proto", "type")),
    "call": Call("other", _call, ("args",)),
}
