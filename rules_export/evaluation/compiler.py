"""A condition as one function from event to true or false. Equal parts of conditions share one function.

`given` lets a part be decided beforehand: for a known event type most of a rule set falls away (see evaluator.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rules_export.errors import EngineError
from rules_export.evaluation.checks import Check, Decide, check
from rules_export.evaluation.event import Event
from rules_export.language.ast import And, Compare, Exists, Identifier, Node, Not, Or
from rules_export.language.printer import to_text
from rules_export.language.visitor import fold

#: A part made ready: a function, or a truth value where the answer is the same for every event.
Part = Decide | bool
Given = Callable[[Node], bool | None]


class NotExpandedError(EngineError):
    """A condition still holds a macro's name, so that nobody can say when it is true."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the macro '{name}' has no meaning here: put its condition in its place before evaluating")
        self.name = name


@dataclass(slots=True)
class Compiler:
    """Compiles conditions of one source. Keep it while compiling a rule set: equal parts are made once."""

    source: str = "syscall"
    plugins: str = "container"
    _checks: dict[str, Check] = field(default_factory=dict, repr=False)
    _joined: dict[tuple[str, tuple[Decide, ...]], Decide] = field(default_factory=dict, repr=False)

    def check(self, node: Compare | Exists) -> Check:
        """The ready check of a leaf. Raises CatalogError for fields that the source does not have."""
        text = to_text(node)  # equal texts are equal checks, and a text is hashed without walking the tree again
        found = self._checks.get(text)
        if found is None:
            found = self._checks[text] = check(node, self.source, self.plugins)
        return found

    def part(self, node: Node, given: Given | None = None) -> Part:
        """The function for `node`; what `given` answers is taken as settled."""

        def build(one: Node, parts: list[Part]) -> Part:
            settled = given(one) if given is not None else None
            if settled is not None:
                return settled
            match one:
                case And():
                    return self.joined("and", parts)
                case Or():
                    return self.joined("or", parts)
                case Not():
                    return self.negated(parts[0])
                case Identifier(name):
                    raise NotExpandedError(name)
                case _:
                    return self.check(one).decide

        return fold(node, build, _members)

    def joined(self, connective: str, parts: list[Part]) -> Part:
        """`parts` under one connective, settled ones folded away."""
        absorbing = connective == "or"
        if absorbing in parts:
            return absorbing
        open_parts = tuple(dict.fromkeys(part for part in parts if not isinstance(part, bool)))
        if not open_parts:
            return not absorbing
        if len(open_parts) == 1:
            return open_parts[0]
        key = (connective, open_parts)
        if key not in self._joined:
            self._joined[key] = (_any_of if absorbing else _all_of)(open_parts)
        return self._joined[key]

    def negated(self, part: Part) -> Part:
        """The contrary of `part`."""
        if isinstance(part, bool):
            return not part
        key = ("not", (part,))
        if key not in self._joined:
            self._joined[key] = lambda event: not part(event)
        return self._joined[key]


def _members(node: Node) -> tuple[Node, ...]:
    match node:
        case And(args) | Or(args):
            return args
        case Not(arg):
            return (arg,)
        case _:
            return ()


def _all_of(parts: tuple[Decide, ...]) -> Decide:
    if len(parts) == 2:
        first, second = parts
        return lambda event: first(event) and second(event)
    if len(parts) == 3:
        first, second, third = parts
        return lambda event: first(event) and second(event) and third(event)

    def every(event: Event) -> bool:
        for part in parts:  # noqa: SIM110 - a generator for all() costs more than the parts
            if not part(event):
                return False
        return True

    return every


def _any_of(parts: tuple[Decide, ...]) -> Decide:
    if len(parts) == 2:
        first, second = parts
        return lambda event: first(event) or second(event)
    if len(parts) == 3:
        first, second, third = parts
        return lambda event: first(event) or second(event) or third(event)

    def some(event: Event) -> bool:
        for part in parts:  # noqa: SIM110
            if part(event):
                return True
        return False

    return some
