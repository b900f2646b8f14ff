"""Reading one check of a condition: field or transformer, operator, and what it is compared with."""

from __future__ import annotations

from typing import cast

from rules_export.errors import ConditionSyntaxError
from rules_export.language import lexer
from rules_export.language.ast import Compare, Exists, Field, Node, Transformer, TransformerList, Value, ValueList
from rules_export.language.cursor import Cursor
from rules_export.language.escapes import from_bytes_text
from rules_export.language.operators import FIELD_TRANSFORMER, OPERATORS, TRANSFORMERS

_OPERATORS = ", ".join(f"'{op}'" for op in OPERATORS)
_WRAPPERS = ", ".join(f"'{name}'" for name in (FIELD_TRANSFORMER, *TRANSFORMERS))
_NO_OPERATOR = f"expected a valid check operator: one of {_OPERATORS}"
_NO_NUMBER = f"expected a number value or a field with a valid transformer: {_WRAPPERS}"
_NO_STRING = f"expected a string value or a field with a valid transformer: {_WRAPPERS}"
_NO_LIST = f"expected a list, an identifier, or a field with a valid transformer: {_WRAPPERS}"
_NO_ARGUMENT = "expected field transformer argument: field, transformer, quoted string, number, or transformer list"
_NO_LIST_ARGUMENT = "expected transformer list argument: field, transformer, quoted string, or number"


class _Call:
    """An open transformer call, or an open list among its arguments (then without a name)."""

    __slots__ = ("args", "depth", "name", "start")

    def __init__(self, name: str, start: int, depth: int) -> None:
        self.name = name
        self.start = start
        self.depth = depth
        self.args: list[Field | Transformer | Value | TransformerList] = []


class OperandReader(Cursor):
    """Everything below the connectives. `depth` is Falco's count of levels entered so far."""

    __slots__ = ()

    def field(self, start: int, depth: int) -> Field:
        """What follows a field's name: its argument, where there is one."""
        if depth + 1 >= self.max:
            self.too_deep()
        return Field(self.last, self.argument(), start)

    def argument(self) -> str | None:
        if not self.text.startswith("[", self.at):
            return None
        self.eat("[")
        if not self.quoted() and not self.lex(self.bare_arg):
            self.fail("expected a valid field argument: a quoted string or a bare string")
        argument = self.word()
        if not self.eat("]"):
            self.fail("expected a ']' token")
        return argument

    def transformer(self, start: int, depth: int) -> Transformer:
        """What follows `name(`, however deep transformers nest, without recursion."""
        calls = [self.call(start, depth)]
        while True:
            node = self.member(calls)
            while node is not None:
                call = calls[-1]
                call.args.append(node)
                self.blank()
                if self.eat(","):
                    if not call.name:
                        self.blank()
                    break
                if not self.eat(")"):
                    self.fail("expected a ')' token closing the transformer" if call.name else "expected ')'")
                calls.pop()
                if not call.name:
                    members = cast("tuple[Field | Transformer | Value, ...]", tuple(call.args))
                    node = TransformerList(members, call.start)
                    continue
                node = Transformer(call.name, tuple(call.args), self.argument(), call.start)
                if not calls:
                    return node

    def call(self, start: int, depth: int) -> _Call:
        if depth + 1 >= self.max:
            self.too_deep()
        self.blank()
        return _Call(self.last[:-1], start, depth + 1)

    def member(self, calls: list[_Call]) -> Field | Transformer | Value | TransformerList | None:
        """Read one argument of the innermost call or list; None when it opened a call or a list of its own."""
        call = calls[-1]
        if not call.name:  # members of a list carry the list's own place, as in Falco
            return self.list_member(calls, call.start, call.depth)
        start, depth = self.at, call.depth + 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        if self.lex(lexer.HEX) or self.lex(lexer.NUMBER) or self.quoted():
            return Value(self.word(), start)
        if self.eat("("):
            self.blank()
            if self.eat(")"):
                return TransformerList((), start)
            calls.append(_Call("", start, depth))
            return None
        if self.lex(lexer.TRANSFORMER):
            calls.append(self.call(start, depth))
            return None
        if self.lex(lexer.FIELD):
            return self.field(start, depth)
        self.fail(_NO_ARGUMENT)

    def list_member(self, calls: list[_Call], start: int, depth: int) -> Field | Value | None:
        if self.lex(lexer.FIELD):
            return self.field(start, depth)
        if self.lex(lexer.TRANSFORMER):
            calls.append(self.call(start, depth))
            return None
        if self.quoted() or self.lex(lexer.HEX) or self.lex(lexer.NUMBER):
            return Value(self.word(), start)
        self.fail(_NO_LIST_ARGUMENT)

    def comparison(self, left: Field | Transformer, start: int, depth: int) -> Node:
        depth += 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        found = lexer.OPERATOR.match(self.text, self.at)
        if found is None:
            self.fail(_NO_OPERATOR)
        op, kind = found.group(), found.lastgroup
        self.at = found.end()
        self.last = op
        if kind == "unary":
            return Exists(left, start)
        if kind == "list":
            return Compare(left, op, self.list_value(depth, _NO_LIST), start)
        if kind == "number":
            return Compare(left, op, self.number_value(depth), start)
        modifier = lexer.MODIFIER.match(self.text, self.at)
        if modifier is not None and modifier.group(1):
            self.at = modifier.end()
            right = self.list_value(depth, "expected a list or an identifier", plain=True)
            return Compare(left, f"{op} {modifier.group(1)}", right, start)
        return Compare(left, op, self.string_value(depth), start)

    def number_value(self, depth: int) -> Value | Transformer:
        depth += 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        start = self.at
        wrapped = self.wrapped(depth)
        if wrapped is not None:
            return wrapped
        if self.lex(lexer.HEX) or self.lex(lexer.NUMBER):
            return Value(self.last, start)
        self.fail(_NO_NUMBER)

    def string_value(self, depth: int) -> Value | Transformer:
        depth += 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        start = self.at
        wrapped = self.wrapped(depth)
        if wrapped is not None:
            return wrapped
        if self.quoted() or self.lex(self.bare):
            return Value(self.word(), start)
        self.fail(_NO_STRING)

    def list_value(self, depth: int, otherwise: str, *, plain: bool = False) -> ValueList | Value | Transformer:
        """A list, a transformer (not where `plain`) or an identifier, which is a list's name left over."""
        depth += 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        start = self.at
        if self.eat("("):
            return ValueList(self.items(depth), start)
        if not plain:
            wrapped = self.wrapped(depth)
            if wrapped is not None:
                return wrapped
        if self.lex(lexer.IDENTIFIER):
            return Value(self.last, start)
        self.fail(otherwise)

    def items(self, depth: int) -> tuple[str, ...]:
        """The items of a list behind its `(`. Where the first cannot be read, Falco takes the list as empty."""
        self.blank()
        values: list[str] = []
        try:
            more = self.next_item(values, depth)
        except ConditionSyntaxError:
            more = False
        while more:
            more = self.next_item(values, depth)
        if not self.eat(")"):
            self.fail("expected a ')' token")
        return tuple(values)

    def next_item(self, values: list[str], depth: int) -> bool:
        """Read one item and the blanks behind it; True when a comma followed and was eaten."""
        if depth + 1 >= self.max:
            self.too_deep()
        found = self.item.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
            value = found.group(1)
            values.append(value if value.isascii() else from_bytes_text(value))
            return found.group(2) == ","
        self.blank()
        if not self.quoted():
            self.fail("expected a string value")
        values.append(self.word())
        self.blank()
        return self.eat(",")

    def wrapped(self, depth: int) -> Transformer | None:
        """A right-hand side behind `val(` or a transformer, or None."""
        if depth + 1 >= self.max:
            self.too_deep()
        start = self.at
        if self.eat("val("):
            self.blank()
            at = self.at
            if not self.lex(lexer.FIELD):
                self.fail("expected a field within 'val' transformer")
            field = self.field(at, depth + 1)
            self.blank()
            if not self.eat(")"):
                self.fail("expected a ')' token closing the transformer")
            return Transformer(FIELD_TRANSFORMER, (field,), self.argument(), start)
        if self.lex(lexer.TRANSFORMER):
            return self.transformer(start, depth + 1)
        return None
