"""Hypothesis strategies for rules, macros, lists and exceptions as rules files hold them, awkward texts included.

`rule_sets` gives small files: conditions use real fields, and name earlier macros and lists only. The strategies for
single items take the names that they may use.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from hypothesis import strategies as st

from rules_export.ruleset.model import PRIORITIES, Entry, List, Macro, Rule, RuleException, RuleSet

#: Texts that YAML, a browser's field or a clumsy reader changes.
AWKWARD = (
    " lead", "trail ", "a  b", "tab\there", "line\nend", "two\n\nlines", "end\n", "ends\n\n", "\nstart", "cr\rlf\r\n",
    "~", "null", "true", "No", "0x1F", "012", "1.5", "2026-01-01", "# hash", "a #b", "a: b", "a:", "- a", "[a]", "{a}",
    "'a'", '"a"', "it's \"quoted\"", "a, b", "*alias", "&anchor", "!tag", "%%", "@at", "`tick", "| pipe", "> fold",
    "? key", "ü → 漢字 🦅", "bell\a del\x7f", "\x85next\u2028line", "\ufeffbom", "back\\slash\\", "---", "...", "=",
    "<<", "x" * 400, ("word " * 80).strip(), ("word " * 80).strip() + "\n",
)  # fmt: skip

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
#: Any text that a rules file can carry and a database can store.
texts = st.sampled_from(AWKWARD) | st.text(_characters, min_size=1, max_size=30)

#: Literals as conditions and lists hold them, bare or in quotes of their own.
BARE = ("sh", "bash", "/etc/shadow", "my-tool", "75-system-updat", "a.b", "etckeeper", "x_1")
QUOTED = ('"10.0.0.0/8"', "'75-system-updat'", '"a b"', "'it is'", '"a,b"', '"(x)"', '"a=b"')
BLANKS = ("two words", "a b c")

_letters = st.text(ascii_lowercase, min_size=2, max_size=8)
names = st.builds("{}_{}".format, _letters, st.integers(0, 99))

_EQUAL = ("proc.name", "proc.pname", "proc.exepath", "fd.name", "user.name", "container.image.repository")
_CHECKS = (
    "evt.type = execve", "evt.type in (open, openat)", "proc.name = sh", 'proc.name = "etckeeper"', "fd.name exists",
    "proc.args contains 'a b'", 'proc.cmdline contains "-o x"', "fd.name startswith /etc", "proc.tty != 0",
    'fd.name pmatch (/etc, "/var/lib")', "proc.name startswith anyof (sh, ba)", "not proc.pname exists",
)  # fmt: skip


@st.composite
def conditions(
    draw: st.DrawFn, macros: Sequence[str] = (), lists: Sequence[str] = (), values: Sequence[str] = ()
) -> str:
    """A condition that names these macros and lists, and holds these words as values too."""
    checks = st.sampled_from(_CHECKS)
    equal = st.sampled_from(_EQUAL)
    checks |= st.builds("{} = {}".format, equal, st.sampled_from((*BARE, *QUOTED[2:4], *values)))
    members = st.lists(st.sampled_from((*BARE, *QUOTED, *lists, *values)), min_size=1, max_size=4).map(", ".join)
    checks |= st.builds("{} in ({})".format, equal, members)
    if lists:
        checks |= st.builds("{} in ({})".format, equal, st.sampled_from(tuple(lists)))
    if macros:
        checks |= st.sampled_from(tuple(macros))
    glue = st.sampled_from((" and ", " or ", "\nand ", "\n  or ", " and not "))
    inner = st.recursive(
        checks,
        lambda below: st.tuples(below, glue, below).map(lambda parts: f"({''.join(parts)})"),
        max_leaves=5,
    )
    return draw(st.tuples(inner, st.sampled_from(("", "\n", " "))).map("".join))


@st.composite
def lists(draw: st.DrawFn, name: str = "", below: Sequence[str] = (), values: Sequence[str] = ()) -> List:
    """A list whose items may be quoted, or name the lists `below`."""
    items = st.lists(st.sampled_from((*BARE, *QUOTED, *BLANKS, *below, *values)), max_size=5)
    return List(name or draw(names), tuple(draw(items)))


@st.composite
def macros(
    draw: st.DrawFn, name: str = "", below: Sequence[str] = (), of: Sequence[str] = (), values: Sequence[str] = ()
) -> Macro:
    """A macro that may call the macros `below` and name the lists `of`."""
    return Macro(name or draw(names), draw(conditions(below, of, values)))


_SINGLE = ("in", "pmatch", "intersects", "startswith anyof", "= anyof")
_TUPLE = ("=", "!=", "in", "contains", "startswith", "pmatch", "endswith anyof")


@st.composite
def exceptions(draw: st.DrawFn, name: str = "", lists: Sequence[str] = ()) -> RuleException:
    """An exception that Falco loads, completed as Falco completes it, of either shape."""
    value = st.sampled_from((*BARE, *QUOTED, *BLANKS, *lists))
    called = name or draw(texts)
    if draw(st.booleans()):
        rows: tuple[Entry, ...] = tuple(draw(st.lists(value, max_size=4)))
        return RuleException(called, draw(st.sampled_from(_EQUAL)), draw(st.sampled_from(_SINGLE)), rows)
    fields = tuple(draw(st.lists(st.sampled_from(_EQUAL), min_size=1, max_size=3)))
    comps = tuple(draw(st.sampled_from(_TUPLE)) for _ in fields)
    rows = tuple(tuple(draw(_member(comp, value)) for comp in comps) for _ in range(draw(st.integers(0, 3))))
    return RuleException(called, fields, comps, rows)


def _member(comp: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[Entry]:
    """A member of a row under this comparison: a text, or for a comparison with a list also texts."""
    if comp not in ("in", "pmatch") and " " not in comp:
        return value
    return st.sampled_from(BARE) | st.lists(value, min_size=1, max_size=3).map(tuple)


_entries: st.SearchStrategy[Entry] = st.recursive(
    st.none() | texts, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=6
)
#: Exceptions of every shape that the reader gives, those that Falco refuses later among them.
odd_exceptions = st.builds(
    RuleException, texts, _entries, _entries, st.lists(_entries, max_size=4).map(tuple)
) | st.builds(
    RuleException,
    texts,
    st.lists(texts, max_size=3).map(tuple) | texts,
    st.none() | st.lists(st.sampled_from(_TUPLE), max_size=3).map(tuple) | st.sampled_from(_SINGLE),
    st.lists(st.lists(_entries, max_size=3).map(tuple) | texts, max_size=3).map(tuple),
)

#: What Falco leaves of an output: it trims the ends.
outputs = texts.map(lambda text: text.replace("%", "").strip(" \t\n\v\f\r")).filter(bool) | st.just(
    "x | user=%user.name"
)


@st.composite
def rules(
    draw: st.DrawFn,
    name: str = "",
    macros: Sequence[str] = (),
    lists: Sequence[str] = (),
    values: Sequence[str] = (),
    odd: bool = False,
) -> Rule:
    """A rule as Falco reads it. odd: its exceptions may have a shape that Falco refuses."""
    tags = st.lists(texts | st.sampled_from(("T1490", "container", "mitre_impact")), max_size=4, unique=True)
    excepted = st.lists(odd_exceptions if odd else exceptions(lists=lists), max_size=2)
    return Rule(
        name=name or draw(texts),
        condition=draw(conditions(macros, lists, values)),
        output=draw(outputs),
        desc=draw(texts),
        priority=draw(st.sampled_from(PRIORITIES)),
        tags=tuple(draw(tags)),
        enabled=draw(st.booleans()),
        exceptions=tuple(draw(excepted)),
        warn_evttypes=draw(st.booleans()),
        skip_if_unknown_filter=draw(st.booleans()),
        capture=draw(st.booleans()),
        capture_duration=draw(st.sampled_from((0, 1, 5000, 2**32 - 1))),
    )


@st.composite
def rule_sets(draw: st.DrawFn, max_rules: int = 3) -> RuleSet:
    """A rules file that loads: lists in lists, macros in macros, and words that are both values and names."""
    list_names = draw(st.lists(names, max_size=4, unique=True))
    macro_names = draw(st.lists(names.map("is_{}".format) | st.just("etckeeper"), max_size=4, unique=True))
    rule_names = draw(st.lists(texts, min_size=1, max_size=max_rules, unique=True))
    found_lists = [draw(lists(name, list_names[:place], macro_names)) for place, name in enumerate(list_names)]
    found_macros = [
        draw(macros(name, macro_names[:place], list_names, macro_names)) for place, name in enumerate(macro_names)
    ]
    return RuleSet(
        tuple(draw(rules(name, macro_names, list_names, macro_names)) for name in rule_names),
        tuple(found_macros),
        tuple(found_lists),
    )
