"""The builder as it stands: what a page shows of a condition, its open form, and the condition in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules_export.errors import ConditionSyntaxError
from rules_export.language import editing
from rules_export.language.ast import Node
from rules_export.language.editing import EditError
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.words import in_words, outline
from studio.authoring.builder import editors, places, twins
from studio.authoring.builder.editors import Editor
from studio.authoring.builder.pieces import Pieces
from studio.authoring.builder.rows import Mark, Scorer, marks
from studio.authoring.builder.twins import Twin
from studio.authoring.clauses import parsed
from studio.definitions.lexicon import BUILT_IN, Lexicon, told

#: Parts of a condition that the page draws as rows; longer ones are texts.
MOST = 2000
#: A sentence longer than this is read out as a list.
SENTENCE = 220
#: Lines of the reading that are shown.
READ = 400


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a text has no tree: Falco's words, and where (counted from 1)."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Words:
    """A condition in plain English: a sentence, or lines with how deep each stands (0 to 9)."""

    sentence: str = ""
    lines: tuple[tuple[int, str], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Builder:
    """All that the view shows. trouble: set where the text does not parse; crowded: where it has too many parts."""

    text: str
    marks: tuple[Mark, ...] = ()
    editor: Editor | None = None
    trouble: Trouble | None = None
    crowded: int = 0
    words: Words = field(default_factory=Words)
    printed: str = ""
    single: bool = False
    twins: tuple[Twin, ...] = ()

    @property
    def at(self) -> str:
        """The path of the open row; "-" for none."""
        return self.editor.key if self.editor and not self.editor.blank else "-"


def look(text: str, score: Scorer, asked: Mapping[str, str], names: Lexicon = BUILT_IN) -> Builder:
    """The builder for a condition's text. `asked`: `at` the row that is open, or `new` the blank form that is."""
    tree = parsed(text)
    if tree is None:
        return Builder(text, trouble=_trouble(text), editor=None if text.strip() else _editor(None, asked, names))
    count = len(editing.paths(tree))
    meanings = told(names.own.terms.values())
    if count > MOST:
        return Builder(text, crowded=count, words=words(tree, meanings), printed=pretty(tree))
    drawn = tuple(marks(tree, score, names))
    said, single = words(tree, meanings), not places.is_group(tree)
    same = tuple(twins.find(tree, names))[: twins.SHOWN]
    return Builder(text, drawn, _editor(tree, asked, names), None, 0, said, pretty(tree), single, same)


def words(tree: Node, meanings: Mapping[str, str] | None = None) -> Words:
    """The condition read out."""
    lines = [(min(depth, 9), text) for depth, text in outline(tree, meanings)]
    if len(lines) <= 6:
        sentence = in_words(tree, meanings)
        if len(sentence) <= SENTENCE:
            return Words(f"The rule fires when {sentence}.")
    return Words("", tuple(lines[:READ]), max(0, len(lines) - READ))


def _editor(tree: Node | None, asked: Mapping[str, str], names: Lexicon) -> Editor | None:
    """The open form; none where the address asks for what is not there."""
    purpose, _, key = asked.get("new", "").partition(":")
    try:
        if purpose:
            path = places.read(key)
            if tree is not None:
                editing.get(tree, path)
                if purpose == "extract":
                    return editors.extract(tree, path)
            return editors.blank(purpose, path, names=names)
        if tree is not None and "at" in asked:
            return editors.of_row(tree, places.read(asked["at"]), names)
    except EditError:
        return None
    return None


def typed(purpose: str, key: str, lines: tuple[Pieces, ...], names: Lexicon = BUILT_IN) -> Editor:
    """A blank form with what was typed, which may want other operators now. Raises EditError for junk."""
    return editors.blank(purpose, places.read(key), lines, names)


def _trouble(text: str) -> Trouble | None:
    if not text.strip():
        return None
    try:
        parse(text)
    except ConditionSyntaxError as error:
        return Trouble(error.message, error.position.line, error.position.column)
    return None
