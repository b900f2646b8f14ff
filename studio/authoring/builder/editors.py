"""The form of the one row that is open: what it offers for the field and the operator that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules_export.catalog.known_values import known_values
from rules_export.catalog.macros import MacroInfo
from rules_export.catalog.operators import modifiers_for
from rules_export.falco_checks.operands import Checked
from rules_export.language import editing
from rules_export.language.ast import And, Identifier, Node, Not, Or
from rules_export.language.editing import EditError, Path
from rules_export.language.operators import EXISTS
from rules_export.language.printer import to_text
from studio.authoring.builder import literals, moves, places, vocabulary
from studio.authoring.builder.moves import State
from studio.authoring.builder.pieces import SIMPLE, Pieces, take_apart
from studio.definitions.lexicon import BUILT_IN, Lexicon

#: What a blank form is for: the title over it. Its address is `purpose:path`.
PURPOSES: Mapping[str, str] = {
    "add": "Add a condition",
    "and": "And …",
    "or": "Or …",
    "any": "Add a group: any of",
    "all": "Add a group: all of",
    "extract": "Extract to a macro of your team",
}
#: How a value of this type looks like, and which keyboard a phone shows for it.
_SHAPES: Mapping[str, tuple[str, str]] = {
    "port": ("443", "numeric"),
    "number": ("0", "numeric"),
    "duration (ns)": ("1000000000", "numeric"),
    "time (ns)": ("", "numeric"),
    "network": ("10.0.0.0/8", ""),
    "address": ("192.0.2.1", ""),
    "path": ("/etc/passwd", ""),
}
_PATHS = ("fd.name", "fd.directory", "fs.path.name", "fs.path.source", "fs.path.target", "proc.exepath", "proc.cwd")


@dataclass(frozen=True, slots=True)
class Family:
    """System calls that are offered together; whether all of them stand in the value."""

    names: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The inputs of one condition.

    prefix: of their names. kind: what people call the field's type, "" for one that Falco does not know. widget: how
    the value is written: none, flag, line or lines. macro: the definition behind the name. count: values of a list.
    """

    prefix: str
    pieces: Pieces
    kind: str
    operators: tuple[str, ...]
    modifiers: tuple[str, ...]
    widget: str
    placeholder: str
    inputmode: str
    suggestions: tuple[str, ...]
    families: tuple[Family, ...]
    macro: MacroInfo | None
    argument: bool
    count: int
    transformers: tuple[str, ...] = SIMPLE


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the form of a new macro holds. parts: (place in the group, text, chosen); text: what is extracted else."""

    name: str = ""
    description: str = ""
    parts: tuple[tuple[int, str, bool], ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """The open form. about: `at:path` for a row, `purpose:path` for a blank one. verbs: what can be done to the row."""

    about: str
    title: str
    place: str
    lines: tuple[Line, ...] = ()
    kind: str = ""
    verbs: frozenset[str] = frozenset()
    path: Path = ()
    extraction: Extraction | None = None

    @property
    def key(self) -> str:
        """The path as buttons post it."""
        return places.write(self.path)

    @property
    def spot(self) -> str:
        """Beside which mark it opens."""
        ends = self.about.partition(":")[0] in ("add", "any", "all")
        return f"{'end' if ends else 'row'}:{self.key}"

    @property
    def blank(self) -> bool:
        """Whether it is for something new."""
        return not self.about.startswith("at:")


def of_row(tree: Node, path: Path, names: Lexicon = BUILT_IN) -> Editor:
    """The form of a row. Raises EditError where there is none."""
    node = editing.get(tree, path)
    verbs = possible(tree, path, names)
    if places.is_group(node):
        return Editor(f"at:{places.write(path)}", "", "group", (), moves.kind_of(node), verbs, path)
    inner = node.arg if isinstance(node, Not) else node
    return Editor(f"at:{places.write(path)}", "", "condition", (line(take_apart(inner), names=names),), "", verbs, path)


def extract(tree: Node, path: Path, typed: Extraction | None = None) -> Editor:
    """The form that makes a macro of a row, or of some members of a group. Raises EditError where there is no row."""
    node = editing.get(tree, places.inside(tree, path))
    chosen = {at for at, _, ticked in typed.parts if ticked} if typed else None
    group = node.args if isinstance(node, And | Or) else ()
    parts = tuple((at, to_text(one)[:200], chosen is None or at in chosen) for at, one in enumerate(group))
    typed = typed or Extraction()
    extraction = replace(typed, parts=parts, text="" if parts else to_text(node))
    title = PURPOSES["extract"]
    return Editor(f"extract:{places.write(path)}", title, "new macro", path=path, extraction=extraction)


def blank(purpose: str, path: Path, typed: tuple[Pieces, ...] = (), names: Lexicon = BUILT_IN) -> Editor:
    """The form of something new; `typed`: what stands in it already."""
    if purpose not in PURPOSES or purpose == "extract":
        raise EditError("There is no such thing to add.")
    count = 2 if purpose in ("any", "all") else 1
    pieces = (*typed, *(Pieces(op="=") for _ in range(count)))[:count]
    lines = tuple(line(one, f"{number}-", names) for number, one in enumerate(pieces))
    return Editor(f"{purpose}:{places.write(path)}", PURPOSES[purpose], "new condition", lines, "", frozenset(), path)


def line(pieces: Pieces, prefix: str = "0-", names: Lexicon = BUILT_IN) -> Line:
    """The inputs for the pieces, fitting their field."""
    pieces = replace(pieces, op=pieces.op or "=")
    known = vocabulary.checked(_left(pieces)) if pieces.name.strip() and not pieces.is_macro else None
    kind = vocabulary.kind_of(known) if known else ""
    operators = vocabulary.fitting(known)
    shape = _SHAPES.get("path" if pieces.name in _PATHS else kind, ("", ""))
    listed = pieces.takes_list
    values = known_values(pieces.name.strip(), pieces.argument.strip())
    return Line(
        prefix=prefix,
        pieces=pieces,
        kind=kind,
        operators=operators if pieces.op in operators else (*operators, pieces.op),
        modifiers=modifiers_for(pieces.op),
        widget=_widget(pieces, known),
        placeholder="/etc\n/usr/bin" if pieces.op == "pmatch" else shape[0],
        inputmode="" if listed else shape[1],
        suggestions=() if listed else values,
        families=_families(pieces) if pieces.name.strip() == "evt.type" and pieces.op in ("=", "in", "!=") else (),
        macro=names.macros.get(pieces.name.strip()) if pieces.is_macro else None,
        argument=bool(pieces.argument) or _takes_argument(pieces.name.strip()),
        count=pieces.value.count("\n") + 1 if listed and pieces.value else 0,
    )


def possible(tree: Node, path: Path, names: Lexicon = BUILT_IN) -> frozenset[str]:
    """The verbs that the row's buttons may offer."""
    tries = [(word, "move", word) for word in ("up", "down", "in", "out")]
    tries += [("unwrap", "unwrap", ""), ("inline", "inline", "")]
    found = set()
    for name, verb, word in tries:
        try:
            moves.act(State(tree), verb, path, word, names)
        except EditError:
            continue
        found.add(name)
    if isinstance(editing.get(tree, path), Not):
        found.discard("unwrap")
    if not isinstance(editing.get(tree, places.inside(tree, path)), Identifier):
        found.add("extract")
    return frozenset(found)


def members(families: tuple[tuple[str, ...], ...], chosen: list[str]) -> list[str]:
    """The system calls of the families that are chosen by their first names."""
    return [name for family in families if family[0] in chosen for name in family]


def _widget(pieces: Pieces, known: Checked | None) -> str:
    if pieces.is_macro or pieces.op == EXISTS:
        return "none"
    if pieces.takes_list:
        return "lines"
    plain = pieces.value in ("", "true", "false")
    return "flag" if known and known.type == "BOOL" and not known.is_list and plain else "line"


def _families(pieces: Pieces) -> tuple[Family, ...]:
    try:
        present = set(literals.read_items(pieces.value))
    except EditError:
        present = set()
    return tuple(Family(names, present.issuperset(names)) for names in vocabulary.families())


def _left(pieces: Pieces) -> str:
    text = pieces.name.strip()
    if pieces.argument.strip() and "[" not in text:
        text = f"{text}[{pieces.argument.strip()}]"
    return f"{pieces.transformer}({text})" if pieces.transformer else text


def _takes_argument(name: str) -> bool:
    return any(one.name == name and one.arg != "none" for one in vocabulary.fields())
