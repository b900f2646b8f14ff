"""Describe your own: clauses proposed from pasted command lines, shell scripts and Falco alerts, each with an event.

Reading is shell.py's, taking wrappers off wrappers.py's; here a command becomes clauses: the program with the arguments
that matter, the files that it opens, the addresses that it names, and what the library knows of it already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from studio.behaviours import alerts, known, shell
from studio.behaviours.events import EventSpellingError, build
from studio.behaviours.file_deeds import Deed, deeds
from studio.behaviours.proposals import Description, Proposal, all_of, at_path, clause, contains, is_equal, is_one_of
from studio.behaviours.records import SampleEvent
from studio.behaviours.shell import Word
from studio.behaviours.telling import essential, telling
from studio.behaviours.words import names
from studio.behaviours.wrappers import Effective, is_named, name_of, unwrap

MOST_PROPOSALS = 100
#: Characters that no command line holds, with the blank in their place.
_CONTROLS = {code: " " for code in range(32) if code not in (9, 10)}
_TCP = re.compile(r"/dev/(tcp|udp)/(\d+\.\d+\.\d+\.\d+)/(\d+)")
_ADDRESS = re.compile(r"(?:https?://|@|^)(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?=[/:]|$)")
_PORTS = {"curl": 443, "wget": 443, "ssh": 22, "scp": 22, "sftp": 22, "telnet": 23, "ftp": 21, "redis-cli": 6379}
_BUILTINS = names(
    """
    cd echo printf export unset set alias source . read return exit shift trap umask ulimit wait local declare
    true false : test [ [[ pushd popd
    """
)
_EVERYWHERE = names(
    """
    bash sh dash zsh cat ls dd cp mv rm echo grep sed awk tee touch mkdir chmod chown curl wget python3 python
    perl ssh sudo env sort cut head tail tr sleep xargs base64 tar
    """
)
_DEEDS = {
    "write": ("open_write", "Writing", "opens the file for writing"),
    "append": ("open_write", "Appending", "opens the file for appending"),
    "edit": ("open_write", "Editing", "opens the file for writing"),
    "read": ("open_read", "Reading", "opens the file for reading"),
}


def propose(text: str) -> list[Proposal]:
    """The proposals of `read`, for callers that show nothing else."""
    return list(read(text).proposals)


def read(text: str) -> Description:
    """Read a command line, a script or Falco's alerts, JSON or text (they may be mixed). Never raises."""
    found: dict[str, Proposal] = {}
    rest, unread = [], []
    text = text.replace("\r\n", "\n").translate(_CONTROLS)
    for number, line in enumerate(text[: shell.LONGEST_TEXT].split("\n"), 1):
        proposal, complaint = alerts.read_line(line, number)
        if complaint:
            unread.append(complaint)
        if proposal:
            for one in (*known.proposals(proposal.event, number), proposal):
                found.setdefault(one.clause, one)
        rest.append("" if proposal or complaint else line)
    script = shell.read("\n".join(rest) + text[shell.LONGEST_TEXT :])
    unread += script.unread
    for command in script.commands:
        effective, complaints = unwrap(command)
        unread += complaints
        for each in effective:
            for proposal in _of_command(each):
                found.setdefault(proposal.clause, proposal)
    proposals = list(found.values())
    if text.strip() and not (script.commands or proposals or unread):
        unread.append("There is no command and no alert in this text.")
    if script.commands and not proposals:
        unread.append(
            "Nothing here tells an attack from everyday work: name the arguments, files or addresses that matter."
        )
    if len(proposals) > MOST_PROPOSALS:
        unread.append(f"Only the first {MOST_PROPOSALS} of {len(proposals)} proposals are shown.")
    return Description(tuple(proposals[:MOST_PROPOSALS]), tuple(dict.fromkeys(unread)))


def _of_command(one: Effective) -> Iterator[Proposal]:
    tool = name_of(one.command)
    words = one.command.words[1:]
    if tool and tool not in _BUILTINS and is_named(one.command):
        yield from _of_program(one, tool, words)
        for deed in deeds(tool, words):
            yield from _of_deed(one, deed, tool)
    for redirection in one.command.redirections:
        yield from _of_redirection(one, redirection.operator, redirection.target)
    yield from _of_addresses(one, tool, words)


def _of_program(one: Effective, tool: str, words: tuple[Word, ...]) -> Iterator[Proposal]:
    given = {} if "sudo" in one.wrappers else {"env": dict(one.command.assignments)}  # sudo passes none on
    event = _event(one, {"argv": [word.text for word in one.command.words], **given}, f"{tool} runs")
    if event is None:
        return
    yield from known.proposals(event, one.command.line)
    name = str(event.fields["proc.name"])
    texts = telling(tool, words)
    wide = essential(tool, texts)
    if not texts and name in _EVERYWHERE:
        return  # nothing tells this start apart from any other
    start = is_equal("proc.name", name)
    yield _proposal(
        one,
        clause("spawned_process", [start, *(contains("proc.args", text) for text in texts)]),
        *_words(tool, texts),
        event,
    )
    if wide != texts and (wide or name not in _EVERYWHERE):
        exact = [start, *(contains("proc.args", text) for text in wide)]
        title = f"{tool} with {_and(wide)}" if wide else f"Any start of {tool}"
        why = "The same without what changes from host to host. It catches more, so look at its noise."
        yield _proposal(one, clause("spawned_process", exact), title, why, event)


def _words(tool: str, texts: tuple[str, ...]) -> tuple[str, str]:
    if not texts:
        return (
            f"Any start of {tool}",
            f"The command has no argument that tells it apart, so the clause looks only at the program {tool}.",
        )
    return f"{tool} with {_and(texts)}", (
        f"The kernel sees the start of {tool}; the arguments must contain {_and(texts)}. "
        "Options in another order or spelling (-rf, -fr, -r -f) are other texts to Falco."
    )


def _of_deed(one: Effective, deed: Deed, program: str) -> Iterator[Proposal]:
    argv = [word.text for word in one.command.words] or [program]
    if deed.kind == "remove":
        event = _event(one, {"remove": deed.path.text, "by": argv}, f"{program} removes {deed.path.text}")
        text = all_of([is_one_of("evt.type", ("unlink", "unlinkat")), at_path("fs.path.name", deed.path.parts)])
        title, why = (
            f"Removing {_shown(deed.path)}",
            "Looks at the removal itself, whichever program does it. Falco sees it as unlink or unlinkat.",
        )
    else:
        macro, verb, does = _DEEDS[deed.kind]
        event = _event(one, {deed.kind: deed.path.text, "by": argv}, f"{program} opens {deed.path.text}")
        text = clause(macro, [at_path("fd.name", deed.path.parts)])
        title, why = (
            f"{verb} {_shown(deed.path)}",
            f"{program} {does}. The clause looks at the file, whichever program opens it.",
        )
    if event:
        yield from known.proposals(event, one.command.line)
        yield _proposal(one, text, title, why, event)


def _of_redirection(one: Effective, operator: str, target: Word) -> Iterator[Proposal]:
    if target.text.startswith(("/dev/tcp/", "/dev/udp/")):
        yield from _of_socket(one, target.text, one.shell)
        return
    kind = "read" if operator == "<" else "append" if operator in (">>", "&>>") else "write"
    if not target.parts[0].startswith("/") or target.text.startswith("/dev/") or len(target.parts[0]) < 2:
        return
    opener = Effective(shell.Command((), line=one.command.line), one.wrappers, one.user, one.shell)
    yield from _of_deed(opener, Deed(kind, target), one.shell)


def _of_addresses(one: Effective, tool: str, words: tuple[Word, ...]) -> Iterator[Proposal]:
    for number, word in enumerate(words):
        if "/dev/tcp/" in word.text or "/dev/udp/" in word.text:
            yield from _of_socket(one, word.text, tool)
        found = _ADDRESS.search(word.text)
        if not found or tool in ("ping", "iptables", "ip", "nmap", "echo"):
            continue
        port = (
            int(found[2] or 0)
            or _port_after(words[number + 1 :])
            or (80 if "http://" in word.text else _PORTS.get(tool, 0))
        )
        yield from _of_connection(one, found[1], port, "tcp", tool, [w.text for w in one.command.words])


def _of_socket(one: Effective, text: str, program: str) -> Iterator[Proposal]:
    found = _TCP.search(text)
    if found:
        proto = "udp" if found[1] == "udp" else "tcp"
        yield from _of_connection(one, found[2], int(found[3]), proto, program, [program])


def _of_connection(
    one: Effective, address: str, port: int, proto: str, program: str, argv: list[str]
) -> Iterator[Proposal]:
    if not 0 < port < 65536 or any(int(part) > 255 for part in address.split(".")):
        return
    event = _event(
        one, {"connect": f"{address}:{port}", "proto": proto, "by": argv}, f"{program} connects to {address}:{port}"
    )
    if event:
        yield from known.proposals(event, one.command.line)
        text = all_of([is_equal("evt.type", "connect"), is_equal("fd.sip", address), is_equal("fd.sport", str(port))])
        why = (
            "Looks at the connection, whichever program opens it. "
            f"Attackers change addresses; proc.name = {program} is the part that lasts."
        )
        yield _proposal(one, text, f"Connecting to {address}:{port}", why, event)


def _port_after(words: tuple[Word, ...]) -> int:
    return next((int(word.text) for word in words[:1] if word.text.isdigit() and len(word.text) < 6), 0)


def _event(one: Effective, spec: dict[str, object], name: str) -> SampleEvent | None:
    parent = next((w for w in reversed(one.wrappers) if w in ("sudo", "doas")), one.shell)
    extra: dict[str, object] = {"user": one.user} if one.user else {}
    try:
        return SampleEvent(name[:120], build({**spec, "parent": parent, **extra}))
    except (EventSpellingError, ValueError):
        return None


def _proposal(one: Effective, text: str, title: str, why: str, event: SampleEvent) -> Proposal:
    if one.wrappers:
        why += (
            f" Taken out of {', '.join(dict.fromkeys(one.wrappers))}: the kernel sees the inner program start as well."
        )
    if one.command.reads_pipe:
        why += (
            " It reads from a pipe: each side of a pipe is a program of its own, and one event shows only one of them."
        )
    return Proposal(text, title[:120], why, event, one.command.line)


def _and(texts: tuple[str, ...]) -> str:
    shown = [f"“{text}”" for text in texts]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _shown(word: Word) -> str:
    return "…".join(word.parts)
