"""Other operators, or other ways to write a clause, that say the same more plainly or what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.findings import Severity
from rules_export.language.ast import Compare, Field, Or, Value, ValueList
from rules_export.language.escapes import quote, to_bytes_text
from rules_export.language.printer import WORDS, literal, needs_quotes, to_text
from rules_export.lints.claims import subject_of
from rules_export.lints.context import Subject, literals
from rules_export.lints.families.values import PATHS, PROCESS_NAMES
from rules_export.lints.fixes import Merge
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief

_EXEC = "evt.type in (execve, execveat) and "
_OPEN = "evt.type in (open, openat, openat2) and "
_FILES = PATHS | {"fd.name", "fd.nameraw", "proc.exepath"}
_GLOB = re.compile(r"(\*?)([^*?\[\]\\(){}|!+@]+)(\*?)")
_REGEX = re.compile(r"\^?(\.\*)?((?:[A-Za-z0-9_/\- ,:;=@%&~#'\"]|\\[./\-+])+)(\.\*)?\$?")
#: Directories below which files are meant where they are named without a slash behind.
_NAMED = (
    "bin boot dev dev/shm etc etc/pam.d etc/cron.d home media mnt opt proc root run sbin srv sys tmp usr usr/bin "
    "usr/lib usr/local usr/local/bin usr/sbin usr/share var var/lib var/log var/run var/spool var/tmp"
)
_DIRECTORIES = frozenset(f"/{name}" for name in _NAMED.split())


def _simpler(node: Compare, front: str, text: str, back: str) -> str:
    """The comparison by `contains`, `startswith`, `endswith` or `=`, by what may stand around the text."""
    op = {(True, True): "contains", (False, True): "startswith", (True, False): "endswith"}.get(
        (bool(front), bool(back))
    )
    return to_text(Compare(node.left, op or "=", Value(text)))


@lint(
    "MEWS_GLOB_SIMPLE",
    Severity.ADVICE,
    "`glob` where a plainer operator does the same",
    hint="`*` at the beginning or end alone is startswith, endswith or contains, which are quicker and easier to read.",
    bad={"condition": _OPEN + "fd.name glob '/etc/pam.d/*'"},
    good={"condition": _OPEN + "fd.name startswith /etc/pam.d/"},
    safe=True,
)
def glob_simple(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op == "glob" and isinstance(node.right, Value):
            found = _GLOB.fullmatch(node.right.text)
            if found and (found[1] or found[3]):
                plain = _simpler(node, found[1], found[2], found[3])
                yield Remark(f"It is the same as `{brief(plain)}`.", node, plain, f"Write `{brief(plain)}`")


@lint(
    "MEWS_REGEX_SIMPLE",
    Severity.ADVICE,
    "`regex` where a plainer operator does the same",
    hint="A regular expression is slow; Falco itself warns of one that needs none, and an export refuses the warning.",
    bad={"condition": _OPEN + "fd.name regex '/etc/pam.d/.*'"},
    good={"condition": _OPEN + "fd.name startswith /etc/pam.d/"},
)
def regex_simple(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op == "regex" and isinstance(node.right, Value):
            # A full stop between letters nearly always means one, as in /etc/pam.d/.
            dotted = re.sub(r"(?<=[\w/])\.(?![*+?])", r"\\.", node.right.text)
            found = _REGEX.fullmatch(dotted)
            if found:
                plain = _simpler(node, found[1] or "", re.sub(r"\\(.)", r"\1", found[2]), found[3] or "")
                meant = "" if dotted == node.right.text else ", if the full stop means itself"
                yield Remark(f"`{brief(plain)}` says it{meant}.", node, plain, f"Write `{brief(plain)}`")


@lint(
    "MEWS_DOUBLE_EQUALS",
    Severity.ADVICE,
    "`==` instead of `=`",
    hint="Both mean the same to Falco; rules are written with `=`.",
    bad={"condition": _EXEC + "proc.name == systemctl"},
    good={"condition": _EXEC + "proc.name = systemctl"},
    safe=True,
)
def double_equals(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op == "==":
            fixed = to_text(Compare(node.left, "=", node.right))
            yield Remark(f"`{brief(fixed)}` is the usual way to write it.", node, fixed, "Write =")


@lint(
    "MEWS_OR_OF_EQUALS",
    Severity.ADVICE,
    "Alternatives that one `in (…)` would hold",
    hint="`proc.name in (a, b)` is shorter, quicker, and a list can take its place later.",
    bad={"condition": _EXEC + "(proc.name = systemctl or proc.name = service)"},
    good={"condition": _EXEC + "proc.name in (systemctl, service)"},
    safe=True,
)
def or_of_equals(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if not isinstance(node, Or):
            continue
        groups: dict[Field, dict[int, Compare]] = {}
        for place, arg in enumerate(node.args):
            field = subject_of(arg)
            if field is not None and isinstance(arg, Compare) and _is_equal(arg, subject):
                groups.setdefault(field, {})[place] = arg
        for field, group in groups.items():
            if len(group) > 1 and _means_the_same_in(field, subject):
                items = dict.fromkeys(text for one in group.values() for text in literals(one))
                text = to_text(Compare(field, "in", ValueList(tuple(items))))
                message = f"`{brief(text)}` says it at once."
                yield Remark(message, node, fix="Use in", change=Merge(node, tuple(group), text))


def _is_equal(node: Compare, subject: Subject) -> bool:
    equal = node.op in ("=", "==", "in") and isinstance(node.right, Value | ValueList)
    return equal and set(literals(node)).isdisjoint(subject.context.lists)


def _means_the_same_in(field: Field, subject: Subject) -> bool:
    """Whether `in` holds for a field wherever `=` does. Of a list it asks for all, of raw numbers it knows none, and
    evt.around does not take it."""
    try:
        info = lookup(field.name, field.arg, subject.rule.source, "all")
    except CatalogError:
        return False
    return not info.is_list and info.name not in ("evt.rawarg", "evt.around")


@lint(
    "MEWS_LIST_ITEM_TWICE",
    Severity.ADVICE,
    "A value stands twice in one `in (…)`",
    hint="Leave one of them out, or correct it: often another one was meant.",
    bad={"condition": _EXEC + "proc.name in (systemctl, service, systemctl)"},
    good={"condition": _EXEC + "proc.name in (systemctl, service)"},
    safe=True,
)
def list_item_twice(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op in ("in", "intersects", "pmatch") and isinstance(node.right, ValueList):
            items = node.right.items
            if len(set(items)) < len(items):
                twice = next(item for place, item in enumerate(items) if item in items[:place])
                fixed = to_text(Compare(node.left, node.op, ValueList(tuple(dict.fromkeys(items)))))
                yield Remark(
                    f"{brief(literal(twice))} stands there more than once.", node, fixed, "Leave the repetition out"
                )


@lint(
    "MEWS_VALUE_UNQUOTED",
    Severity.ADVICE,
    "A value that needs quotes to be read as one",
    hint="` #` begins a comment in YAML, so that the rest of the condition is lost; words like `and` mislead readers, "
    "and `;`, `|`, `&` a shell into which it is pasted.",
    bad={"condition": _EXEC + "proc.args startswith #disable"},
    good={"condition": _EXEC + "proc.args startswith '#disable'"},
    safe=True,
)
def value_unquoted(subject: Subject) -> Iterator[Remark]:
    data = to_bytes_text(subject.rule.condition)
    for node in subject.comparisons:
        right = node.right
        if not isinstance(right, Value) or not needs_quotes(right.text):
            continue
        if data.startswith(to_bytes_text(right.text), right.p):  # quoted text begins with its quote
            yield Remark(f"{brief(right.text)} {_misread(right.text)}.", right, quote(right.text), "Put quotes")


def _misread(text: str) -> str:
    """As what a bare value may be read."""
    if text.startswith("#"):
        return "looks like a comment"
    return "is a word of the language" if text in WORDS else "means something else to a shell"


@lint(
    "MEWS_WILDCARD_WITHOUT_GLOB",
    Severity.WARNING,
    "A wildcard behind an operator that knows none",
    hint="Only glob, iglob and pmatch read `*` as a wildcard; the others look for the character itself.",
    bad={"condition": _OPEN + "fd.name = '/etc/*/grub'"},
    good={"condition": _OPEN + "fd.name glob '/etc/*/grub'"},
)
def wildcard_without_glob(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        about_files = isinstance(node.left, Field) and node.left.name in _FILES | PROCESS_NAMES
        if not about_files or node.op not in ("=", "==", "in", "startswith", "endswith"):
            continue
        text = next((one for one in literals(node) if "*" in one), None)
        if text is not None:
            pattern = {"startswith": f"{text}*", "endswith": f"*{text}"}.get(node.op, text)
            fixed = to_text(Compare(node.left, "glob", Value(pattern.replace("**", "*"))))
            yield Remark(
                f"`{node.op}` looks for {brief(text)} as it stands.",
                node,
                fixed if node.op != "in" else None,
                "Use glob",
            )


@lint(
    "MEWS_CONTAINS_SHORT",
    Severity.ADVICE,
    "`contains` with one or two letters",
    hint="So short a text is part of very many others. Compare the name of the process, or add what stands around it.",
    bad={"condition": _EXEC + "proc.cmdline contains nc"},
    good={"condition": _EXEC + "proc.name = nc"},
)
def contains_short(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op in ("contains", "icontains") and isinstance(node.left, Field):
            about = node.left.name.startswith(("proc.", "fd.name", "fs.path", "container."))
            short = [text for text in literals(node) if len(text) <= 2 and text.isalnum()]
            if about and short:
                yield Remark(f"`{brief(node)}` holds for very many values.", node)


@lint(
    "MEWS_ENDSWITH_WITHOUT_SLASH",
    Severity.ADVICE,
    "The end of a path that may be the end of a longer name",
    hint="`endswith grub` also finds /tmp/notgrub. Begin with the slash, or with the dot of an extension.",
    bad={"condition": _OPEN + "fd.name endswith default/grub"},
    good={"condition": _OPEN + "fd.name endswith /default/grub"},
)
def endswith_without_slash(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = node.op == "endswith" and isinstance(node.left, Field) and node.left.name in _FILES
        if named and isinstance(node.right, Value) and node.right.text[:1].isalnum() and ":" not in node.right.text:
            fixed = to_text(Compare(node.left, node.op, Value(f"/{node.right.text}")))
            yield Remark(f"Longer names may end with {brief(node.right.text)} too.", node, fixed, "Begin with a slash")


@lint(
    "MEWS_STARTSWITH_WITHOUT_SLASH",
    Severity.ADVICE,
    "A directory that may be the beginning of a longer name",
    hint="`startswith /etc` also finds /etcetera. End with the slash, or use pmatch, which minds the parts of paths.",
    bad={"condition": _OPEN + "fd.name startswith /etc/pam.d"},
    good={"condition": _OPEN + "fd.name startswith /etc/pam.d/"},
)
def startswith_without_slash(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = node.op == "startswith" and isinstance(node.left, Field) and node.left.name in _FILES
        if named and isinstance(node.right, Value) and node.right.text in _DIRECTORIES:
            fixed = to_text(Compare(node.left, node.op, Value(f"{node.right.text}/")))
            yield Remark(f"Other paths begin with {node.right.text} too.", node, fixed, "End with a slash")
