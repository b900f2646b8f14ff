"""Which files a command opens, changes or removes, judged by the tool: tee writes, cat reads, rm removes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from studio.behaviours.shell import Word


@dataclass(frozen=True, slots=True)
class Deed:
    """One file and what happens to it: `write`, `append`, `edit`, `read` or `remove`."""

    kind: str
    path: Word


_SENSITIVE = (
    "/etc/",
    "/root/",
    "/home/",
    "/boot/",
    "/var/log/",
    "/var/spool/",
    "/var/lib/",
    "/var/run/secrets/",
    "/proc/",
    "/run/secrets/",
)
_OPTION_VALUES = {
    "curl": ("-o", "--output"),
    "wget": ("-O", "--output-document"),
    "sort": ("-o",),
    "openssl": ("-out",),
    "gcc": ("-o",),
}


def deeds(tool: str, words: tuple[Word, ...]) -> list[Deed]:
    """The deeds of a command with these arguments, on full paths only; at most five."""
    reader = _TOOLS.get(tool)
    found = list(reader(words)) if reader else []
    if tool in _OPTION_VALUES:
        found += _after(words, _OPTION_VALUES[tool])
    return [deed for deed in found if _is_full(deed.path)][:5]


def _is_full(word: Word) -> bool:
    return (
        word.parts[0].startswith("/")
        and not word.text.startswith(("/dev/null", "/dev/std", "/dev/fd", "/dev/tcp", "/dev/udp"))
        and len(word.parts[0]) > 1
    )


def _names(words: tuple[Word, ...]) -> list[Word]:
    return [word for word in words if not word.parts[0].startswith("-")]


def _each(kind: str) -> Callable[[tuple[Word, ...]], Iterator[Deed]]:
    return lambda words: (Deed(kind, word) for word in _names(words))


def _readers(words: tuple[Word, ...]) -> Iterator[Deed]:
    return (Deed("read", word) for word in _names(words) if word.text.startswith(_SENSITIVE))


def _last(kind: str) -> Callable[[tuple[Word, ...]], Iterator[Deed]]:
    """The last of two or more names is the target."""
    return lambda words: iter([Deed(kind, names[-1])] if len(names := _names(words)) > 1 else [])


def _tee(words: tuple[Word, ...]) -> Iterator[Deed]:
    kind = "append" if any(word.text in ("-a", "--append") for word in words) else "write"
    return (Deed(kind, word) for word in _names(words))


def _sed(words: tuple[Word, ...]) -> Iterator[Deed]:
    if any(word.text.startswith(("-i", "--in-place")) or word.text in ("-pi", "-ni") for word in words):
        yield from (Deed("edit", word) for word in _names(words))


def _dd(words: tuple[Word, ...]) -> Iterator[Deed]:
    for word in words:
        if word.parts[0].startswith("of="):
            yield Deed("write", Word((word.parts[0][3:], *word.parts[1:])))


def _after(words: tuple[Word, ...], options: tuple[str, ...]) -> Iterator[Deed]:
    for option, value in pairwise(words):
        if option.text in options:
            yield Deed("write", value)


_TOOLS: dict[str, Callable[[tuple[Word, ...]], Iterator[Deed]]] = {
    "tee": _tee,
    "sed": _sed,
    "perl": _sed,
    "dd": _dd,
    **dict.fromkeys(("cp", "mv", "install", "rsync", "scp"), _last("write")),
    **dict.fromkeys(("vi", "vim", "nvim", "nano", "ed", "emacs", "visudo", "vipw"), _each("edit")),
    **dict.fromkeys(("touch", "truncate", "mkswap"), _each("write")),
    **dict.fromkeys(("rm", "unlink", "shred", "srm", "wipe", "rmdir"), _each("remove")),
    **dict.fromkeys(
        ("cat", "less", "more", "head", "tail", "grep", "egrep", "strings", "base64", "xxd", "cut", "awk"), _readers
    ),
}
