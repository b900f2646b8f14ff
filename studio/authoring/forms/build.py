"""Posts of the visual builder: what stands in the open form is taken first, then the button's verb is carried out.

The condition that the person had before them comes with every post, so that an edit always meets the tree that it was
meant for; the draft's version guards what others wrote meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict

from rules_export.errors import ConditionSyntaxError
from rules_export.language import editing
from rules_export.language.ast import And, Identifier, Node, Not, Or
from rules_export.language.editing import EditError, Path
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from studio.authoring.builder import editors, literals, moves, places, vocabulary
from studio.authoring.builder.moves import State
from studio.authoring.builder.pieces import Pieces, put_together, take_apart
from studio.authoring.builder.rows import row_id
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.forms.condition import LONGEST
from studio.definitions import services as definitions
from studio.definitions.checking import check, errors
from studio.definitions.lexicon import BUILT_IN, Lexicon, lexicon
from studio.definitions.queries import own
from studio.definitions.values import MACRO, Term

_LONGEST_VALUE = 60_000
_WORDS = r"[a-z-]{1,20}"
#: A direction, a purpose, or the name of a macro.
_ARGUMENT = r"[A-Za-z0-9_-]{1,100}"


class BuildForm(ChangeForm):
    """A button of the builder. `do`: `verb:path:word`; `about`: the open form, `at:path` or `purpose:path`.

    Verbs are those of moves.VERBS, `set` (take the form), `select` (open a row), `new` (open a blank form; the word is
    its purpose), `extract` (make a macro of what the open form says) and `close`.
    """

    redraw = Redraw.BUILD
    condition = PlainText(max_length=LONGEST, label="Condition")
    do = forms.RegexField(
        rf"^{_WORDS}(:{places.PATTERN}(:{_ARGUMENT})?)?$", required=False, max_length=700, label="Change"
    )
    about = forms.RegexField(rf"^{_WORDS}:{places.PATTERN}$", required=False, max_length=600, label="Place")

    #: What the page's address asks for afterwards.
    asked: dict[str, str]
    #: The macro that the condition names from now on, where one is extracted.
    extracted: Term | None = None

    def clean(self) -> dict[str, Any]:
        """Fills `outcome`: the condition's text after all that the post asks for."""
        data = super().clean() or {}
        self.asked, self.label = {}, "Edit the condition"
        if self.errors:
            return data
        text = data["condition"]
        try:
            before = State(parse(text) if text.strip() else None)
            after = self._carried_out(before, data["about"], data["do"] or "set")
        except ConditionSyntaxError as error:
            raise forms.ValidationError(
                f"The condition does not parse ({error}), so it has no parts to edit. Write it as text."
            ) from error
        except EditError as error:
            raise forms.ValidationError(str(error)) from error
        self.changed = after.tree != before.tree
        self.outcome = text if not self.changed else pretty(after.tree) if after.tree is not None else ""
        if len(self.outcome) > LONGEST:
            raise forms.ValidationError(f"The condition would be longer than {LONGEST:,} characters.")
        return data

    def edit(self) -> Edit:
        if not self.changed:
            return super().edit()
        text = self.outcome

        def apply(content: RuleContent) -> RuleContent:
            return replace(content, condition=text)

        return Edit(self.label, apply)

    def prepare(self) -> None:
        """Make the macro that is extracted, in one transaction with the change that names it."""
        if self.extracted is not None and self.asker is not None:
            definitions.create(*self.asker, self.extracted, f"Extracted from a rule: {self.extracted.name}")

    @cached_property
    def names(self) -> Lexicon:
        """The macros and lists that the asker's team may name."""
        return lexicon(own(self.asker[0].pk).within(self.rule_set)) if self.asker else BUILT_IN

    def typed(self) -> tuple[Pieces, ...]:
        """What stands in the open form's lines."""
        return tuple(self._pieces(f"{number}-") for number in range(2) if f"{number}-name" in self.data)

    @property
    def open_editor(self) -> editors.Editor | None:
        """The form as it was typed, for a page that shows it again."""
        about = str(self.data.get("about", ""))
        purpose, _, key = about.partition(":")
        try:
            lines, text = self.typed(), str(self.data.get("condition", ""))
            if purpose == "extract":
                return editors.extract(parse(text), places.read(key), self._extraction())
            if purpose != "at":
                return editors.blank(purpose, places.read(key), lines, self.names)
            found = editors.of_row(parse(text), places.read(key), self.names)
            return replace(found, lines=tuple(editors.line(one, names=self.names) for one in lines))
        except (EditError, ConditionSyntaxError):
            return None

    def _carried_out(self, state: State, about: str, do: str) -> State:
        verb, key, word = [*do.split(":"), "", ""][:3]
        path = places.read(key)
        purpose, _, at = about.partition(":")
        state, path = self._taken(state, purpose, places.read(at), path, verb)
        if verb in moves.VERBS:
            self.label = moves.label(state, verb, path)
            state = moves.act(state, verb, path, word, self.names)
        elif verb == "extract":
            state = self._extracted(state, path)
        elif verb == "select":
            state = State(state.tree, path)
        elif verb == "new":
            if word not in editors.PURPOSES:
                raise EditError("There is no such thing to add.")
            self.asked["new"], self.anchor = f"{word}:{places.write(path)}", "editor"
            return state
        elif verb not in ("set", "close"):
            raise EditError("The builder knows no such change.")
        if state.at is not None and verb != "close":
            self.asked["at"] = places.write(state.at)
            self.anchor = row_id(state.at)
        return state

    def _extracted(self, state: State, path: Path) -> State:
        """The condition with the name of a new macro in the place of what becomes its definition."""
        if state.tree is None:
            raise EditError("The condition is empty: there is nothing to extract yet.")
        if self.asker is None:
            raise EditError("Open the draft again to extract a macro.")
        typed, inner = self._extraction(), places.inside(state.tree, path)
        group = editing.get(state.tree, inner)
        node: Node = group
        ticked: tuple[int, ...] = ()
        if isinstance(group, And | Or):
            ticked = tuple(at for at, _, chosen in typed.parts if chosen and at < len(group.args))
            if not ticked:
                raise EditError("Choose at least one condition to extract.")
            members = tuple(group.args[at] for at in ticked)
            node = members[0] if len(members) == 1 else And(members) if isinstance(group, And) else Or(members)
        term = Term(MACRO, typed.name.strip(), pretty(node), (), " ".join(typed.description.split()))
        if wrong := errors(check(term, self.names.own)):
            raise EditError(wrong[0].message)
        self.extracted, self.label = term, f"Extract the macro {term.name}"[:120]
        after, place = moves.gathered(state.tree, inner, ticked, Identifier(term.name))
        return State(after, place[:-1] if place and isinstance(editing.get(after, place[:-1]), Not) else place)

    def _extraction(self) -> editors.Extraction:
        """What stands in the form of a new macro."""
        posted = cast("QueryDict", self.data)
        name, description = (str(posted.get(f"extract-{part}", ""))[:1000] for part in ("name", "description"))
        ticked = {int(one) for one in posted.getlist("extract-part")[:2000] if one.isascii() and one.isdigit()}
        return editors.Extraction(name, description, tuple((at, "", True) for at in sorted(ticked)))

    def _taken(self, state: State, purpose: str, at: Path, path: Path, verb: str) -> tuple[State, Path]:
        """The condition with what was typed in the open form, and where the button's row is then."""
        lines = self.typed()
        if not purpose or not lines:
            return State(state.tree, at if purpose == "at" else None), path
        if purpose == "at":
            return State(self._set(state.tree, at, lines[0]), at), path
        if purpose not in editors.PURPOSES:
            raise EditError("There is no such thing to add.")
        if verb == "close" or (verb != "set" and all(line.blank for line in lines)):
            return state, path  # put away, or nothing typed that could stand in the way
        filled = [line for line in lines if not line.blank] or list(lines)
        nodes = [put_together(line) for line in filled]
        self.label = f"Add {to_text(nodes[0])}"[:120]
        grown = moves.put_in(state, purpose, at, nodes)
        return grown, self._found_again(state, grown, path)

    @staticmethod
    def _found_again(before: State, after: State, path: Path) -> Path:
        """Where a row of the tree before is now: edits share what they leave alone, what grew stays in place."""
        if before.tree is None or after.tree is None:
            return path
        row = editing.get(before.tree, path)
        return next((place for place, node in editing.paths(after.tree) if node is row), path)

    def _set(self, tree: Node | None, at: Path, pieces: Pieces) -> Node:
        """The tree with what was typed at a row, which keeps its `not`."""
        if tree is None:
            raise EditError("The condition is empty: there is nothing to change yet.")
        inner = places.inside(tree, at)
        old = editing.get(tree, inner)
        if places.is_group(old) or isinstance(old, Not):
            raise EditError("There is a group at this place: it has changed meanwhile.")
        if pieces == take_apart(old):
            return tree
        new = put_together(pieces)
        self.label = f"Change {to_text(old)}"[:120]
        return editing.replace(tree, inner, new) if new != old else tree

    def _pieces(self, prefix: str) -> Pieces:
        def text(name: str, longest: int = 400) -> str:
            value = str(self.data.get(prefix + name, "")).replace("\r\n", "\n").replace("\r", "\n")
            if len(value) > longest or "\x00" in value:
                raise EditError(f"The {name} is too long, or holds a null character.")
            return value

        pieces = Pieces(
            text("name").strip(), text("argument").strip(), text("transformer"), text("op"), text("modifier"),
            text("value", _LONGEST_VALUE),
        )  # fmt: skip
        return self._fitted(self._with_families(pieces, prefix), text("was"))

    def _with_families(self, pieces: Pieces, prefix: str) -> Pieces:
        """Families that were ticked join the value; those that were unticked leave it."""
        if pieces.name != "evt.type" or f"{prefix}family-shown" not in self.data:
            return pieces
        posted = cast("QueryDict", self.data)
        chosen, full = set(posted.getlist(f"{prefix}family")), set(posted.getlist(f"{prefix}family-was"))
        items = list(literals.read_items(pieces.value))
        dropped = set(editors.members(vocabulary.families(), sorted(full - chosen)))
        kept = [name for name in items if name not in dropped]
        kept += [name for name in editors.members(vocabulary.families(), sorted(chosen - full)) if name not in kept]
        if kept == items:
            return pieces
        op = "in" if pieces.op == "=" and len(kept) > 1 else pieces.op
        return replace(pieces, value="\n".join(map(literals.show_item, kept)), op=op)

    @staticmethod
    def _fitted(pieces: Pieces, was: str) -> Pieces:
        """The pieces with an operator that fits, where the field was exchanged for one of another type."""
        if not was or was == pieces.name or pieces.is_macro:
            return pieces
        offered = editors.line(pieces)
        known = vocabulary.fitting(vocabulary.checked(pieces.name)) if offered.kind else ()
        if known and pieces.op not in known:
            pieces = replace(pieces, op=known[0], modifier="")
        if offered.kind == "yes or no" and pieces.op == "=" and pieces.value not in ("true", "false"):
            pieces = replace(pieces, value="true")
        return pieces
