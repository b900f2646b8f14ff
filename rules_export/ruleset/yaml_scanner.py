"""YAML text into tokens, as the YAML library of Falco does it: same tokens, same marks, same complaints.

Tokens are made on demand, because a complaint further down must not hide one of the parser before it. Whether a scalar
is a key shows only at the `:` behind it: until then the key's token, and the start of the mapping that it would open,
wait unverified in the queue.
"""

from __future__ import annotations

import re
from functools import cache

from rules_export.errors import FatalLoadError
from rules_export.ruleset.yaml_scalars import DOCUMENT_MARK, Cursor, read_block, read_plain, read_quoted
from rules_export.ruleset.yaml_text import END, YamlError

(
    DIRECTIVE, DOC_START, DOC_END, BLOCK_SEQ_START, BLOCK_MAP_START, BLOCK_SEQ_END, BLOCK_MAP_END, BLOCK_ENTRY,
    FLOW_SEQ_START, FLOW_MAP_START, FLOW_SEQ_END, FLOW_MAP_END, FLOW_ENTRY, KEY, VALUE, ANCHOR, ALIAS, TAG,
    PLAIN, QUOTED,
) = range(20)  # fmt: skip

#: A text of more tokens than this is refused; the largest known rules files have some fifty thousand.
MAX_TOKENS = 200_000

VALID, INVALID, UNVERIFIED = range(3)
_NO_INDENT, SEQ_INDENT, MAP_INDENT = range(3)

#: What may follow an indicator; "" is the end of the text.
_BLANK_OR_END = frozenset({"", " ", "\t", "\n", "\r", "\x04"})
_BLANK = frozenset(" \t\n\r")
_BEHIND_VALUE_IN_FLOW = _BLANK | frozenset(",]}")
#: What cannot begin a plain scalar, in block and in flow context; `-`, `?` and `:` can, unless a blank follows.
_NOT_PLAIN = frozenset(" \t\n\r,[]{}#&*!|>'\"%@`")
_NOT_PLAIN_IN_FLOW = _NOT_PLAIN | {"?"}
_SIMPLE_SKIP = re.compile(r"(?:[ ]++|#[^\n\r]*+|\n)*+")
_COMMENT = re.compile(r"[^\n\r]*")
BLOCK_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,99}):(?=[ \n])")
_WORD = r"[^ \t\n\r]+"
_ANCHOR = r"[^\[\]{}, \t\n\r]*"
_AFTER_ANCHOR = r"[?:,\]}%@` \t\n\r]"
_URI = r"(?:[A-Za-z0-9#;/?:@&=+$,_.!~*'()\[\]-]|%[0-9A-Fa-f]{2})*+"
_TAG = r"(?:[A-Za-z0-9#;/?:@&=+$_.~*'()-]|%[0-9A-Fa-f]{2})*+"
_TAG_WORD = r"[A-Za-z0-9-]*"


@cache
def rare(pattern: str) -> re.Pattern[str]:
    """A pattern that most files never need, compiled when one does: compiling all of them costs a start 3 ms."""
    return re.compile(pattern)


class Token:
    """One token: its type, its mark, its text (or a directive's words), and whether it is certain already."""

    __slots__ = ("mark", "status", "text", "type", "words")

    def __init__(self, type_: int, mark: int, text: str = "", status: int = VALID) -> None:
        self.type = type_
        self.mark = mark
        self.text = text
        self.status = status
        self.words: list[str] = []


class _Indent:
    __slots__ = ("column", "status", "type")

    def __init__(self, column: int, type_: int, status: int = VALID) -> None:
        self.column = column
        self.type = type_
        self.status = status


class _SimpleKey:
    """A place where a key may have begun: what to confirm or to take back when that is known."""

    __slots__ = ("indent", "line_start", "map_start", "mark", "token")

    def __init__(
        self, mark: int, line_start: int, token: Token, indent: _Indent | None, map_start: Token | None
    ) -> None:
        self.mark = mark
        self.line_start = line_start
        self.token = token
        self.indent = indent
        self.map_start = map_start

    def settle(self, status: int) -> None:
        self.token.status = status
        if self.indent is not None:
            self.indent.status = status
        if self.map_start is not None:
            self.map_start.status = status


class Scanner:
    """The tokens of one text; `peek` looks at the next one, `next` takes it."""

    def __init__(self, text: str, break_char: str) -> None:
        self.cursor = Cursor(text, break_char)
        self.text = text
        self.size = len(text)
        self.tokens: list[Token] = []
        self.index = 0
        self.ended = False
        self._count = 0
        self.key_allowed = True
        self.scalar_allowed = True
        self.json_like = False
        self._keys: list[tuple[int, _SimpleKey]] = []
        self.indents = [_Indent(-1, _NO_INDENT)]
        self._flows: list[str] = []

    @property
    def mark(self) -> int:
        """Where scanning stands, which may be ahead of the next token."""
        return END if self.ended else self.cursor.pos

    def peek(self) -> Token | None:
        """The next token, None at the end of the text."""
        tokens = self.tokens
        while True:
            if self.index < len(tokens):
                token = tokens[self.index]
                if token.status == VALID:
                    return token
                if token.status == INVALID:
                    self.index += 1
                    continue
                if self.ended:  # a key that nothing confirmed counts where the text ends
                    return token
            elif self.ended:
                return None
            self._scan()

    def pop(self) -> None:
        """Take the token that `peek` showed."""
        self.index += 1
        if self.index > 4096:
            del self.tokens[: self.index]
            self.index = 0

    def count(self, values: int) -> None:
        """Note that so many values or tokens were read. Raises FatalLoadError when there are too many."""
        self._count += values
        if self._count > MAX_TOKENS:
            raise FatalLoadError("This file holds more values than any rules file does: it is refused.")

    # For the shortcuts: whether nothing waits, and the states behind what they took

    def idle(self) -> bool:
        """Whether the cursor stands behind the last token that was taken, outside flow collections and keys."""
        return self.index == len(self.tokens) and not (self._flows or self._keys or self.ended)

    def after_value(self, pos: int) -> None:
        """Behind the `:` of a simple key."""
        self.cursor.pos = pos
        self.key_allowed, self.scalar_allowed, self.json_like = False, True, False
        self.count(1)

    def after_scalar(self, *, key_allowed: bool) -> None:
        """Behind a plain or a block scalar."""
        self.key_allowed, self.json_like = key_allowed, False
        self.count(1)

    def after_quoted(self) -> None:
        """Behind a quoted scalar in a block collection."""
        self.key_allowed, self.scalar_allowed, self.json_like = False, False, True

    def after_flow(self) -> None:
        """Behind the end of an outermost flow collection."""
        self.key_allowed, self.json_like = False, True

    # One token

    def _scan(self) -> None:
        self.skip_to_token()
        cursor, text, pos = self.cursor, self.text, self.cursor.pos
        if not self._flows:
            self._close_indents(pos)
        if pos >= self.size:
            self._end_stream()
            return
        char = text[pos]
        in_block = not self._flows
        if pos == cursor.line_start and char in "%-.":
            if char == "%":
                self._directive(pos)
                return
            if DOCUMENT_MARK.match(text, pos):
                self._document_mark(DOC_START if char == "-" else DOC_END, pos)
                return
        if in_block and self.key_allowed and not self._keys:
            found = BLOCK_KEY.match(text, pos)
            if found:
                self._block_key(pos, found.end() - 1, found.group(1))
                return
        handler = _HANDLERS.get(char)
        if handler is not None and handler(self, pos):
            return
        if char in (_NOT_PLAIN if in_block else _NOT_PLAIN_IN_FLOW) or not self._begins_plain(char, pos):
            raise YamlError("unknown token", pos)
        self._plain(pos)

    def _begins_plain(self, char: str, pos: int) -> bool:
        if char not in "-?:":
            return True
        behind = self.text[pos + 1 : pos + 2]
        return behind not in _BLANK_OR_END or (bool(self._flows) and behind in ("\n", "\r"))

    def skip_to_token(self) -> None:
        cursor, text = self.cursor, self.text
        begun = cursor.pos
        found = _SIMPLE_SKIP.match(text, begun)
        pos = found.end() if found else begun
        if pos > begun and cursor.break_char == "\n":
            newline = text.rfind("\n", begun, pos)
            if newline >= 0:
                cursor.line_start = newline + 1
                self._new_line()
        elif cursor.break_char != "\n":
            pos = begun
        cursor.pos = pos
        if pos < self.size and text[pos] in "\t\r\n# ":
            self._skip_slowly()

    def _skip_slowly(self) -> None:
        cursor, text, size, pos = self.cursor, self.text, self.size, self.cursor.pos
        while True:
            while pos < size and text[pos] in " \t":
                if text[pos] == "\t" and not self._flows:
                    self.key_allowed = False
                pos += 1
            if text.startswith("#", pos):
                comment = _COMMENT.match(text, pos)
                pos = comment.end() if comment else pos
            if pos >= size or text[pos] not in "\n\r":
                break
            pos = cursor.eat_break(pos)
            self._new_line()
        cursor.pos = pos

    def _new_line(self) -> None:
        self._drop_key()
        self.scalar_allowed = True
        if not self._flows:
            self.key_allowed = True

    def _push(self, type_: int, mark: int, text: str = "") -> Token:
        token = Token(type_, mark, text)
        self.tokens.append(token)
        self.count(1)
        return token

    # Indentation

    def _open_indent(self, pos: int, type_: int) -> tuple[_Indent, Token] | None:
        """Begin a block collection at the column of `pos`, unless one stands there already."""
        if self._flows:
            return None
        column, top = pos - self.cursor.line_start, self.indents[-1]
        if column < top.column or (column == top.column and not (type_ == SEQ_INDENT and top.type == MAP_INDENT)):
            return None
        token = self._push(BLOCK_SEQ_START if type_ == SEQ_INDENT else BLOCK_MAP_START, pos)
        indent = _Indent(column, type_)
        self.indents.append(indent)
        return indent, token

    def _close_indents(self, pos: int) -> None:
        """End the block collections that a token at `pos` is too far left for."""
        indents, column = self.indents, pos - self.cursor.line_start
        while indents:
            top = indents[-1]
            if top.column < column:
                break
            if top.column == column and not (top.type == SEQ_INDENT and not self._is_entry(pos)):
                break
            self._pop_indent(pos)
        while indents and indents[-1].status == INVALID:
            self._pop_indent(pos)

    def _is_entry(self, pos: int) -> bool:
        return self.text.startswith("-", pos) and self.text[pos + 1 : pos + 2] in _BLANK_OR_END

    def _pop_indent(self, mark: int) -> None:
        indent = self.indents.pop()
        if indent.status != VALID:
            self._drop_key()
        elif indent.type == SEQ_INDENT:
            self._push(BLOCK_SEQ_END, mark)
        elif indent.type == MAP_INDENT:
            self._push(BLOCK_MAP_END, mark)

    def _close_all_indents(self, mark: int) -> None:
        if not self._flows:
            while self.indents and self.indents[-1].type != _NO_INDENT:
                self._pop_indent(mark)

    def _end_stream(self) -> None:
        self._close_all_indents(END)
        self._keys.clear()
        self.key_allowed = False
        self.ended = True

    # Simple keys

    def _maybe_key(self, pos: int) -> None:
        """Note that a key may begin at `pos`."""
        if not self.key_allowed or (self._keys and self._keys[-1][0] == len(self._flows)):
            return
        opened = None if self._flows else self._open_indent(pos, MAP_INDENT)
        key = _SimpleKey(pos, self.cursor.line_start, self._push(KEY, pos), *(opened or (None, None)))
        key.settle(UNVERIFIED)
        self._keys.append((len(self._flows), key))

    def _drop_key(self) -> None:
        if self._keys and self._keys[-1][0] == len(self._flows):
            self._keys.pop()[1].settle(INVALID)

    def _confirm_key(self, pos: int) -> bool:
        """Whether the thing before `pos` was a key: on this line, and not longer than 1024 bytes."""
        if not self._keys or self._keys[-1][0] != len(self._flows):
            return False
        key = self._keys.pop()[1]
        valid = key.line_start == self.cursor.line_start and pos - key.mark <= 1024
        key.settle(VALID if valid else INVALID)
        return valid

    def _block_key(self, pos: int, colon: int, name: str) -> None:
        """`name:` where a key may stand: what the general way would do, in one step."""
        self._open_indent(pos, MAP_INDENT)
        self._push(KEY, pos)
        self._push(PLAIN, pos, name)
        self._push(VALUE, colon)
        self.key_allowed, self.scalar_allowed, self.json_like = False, True, False
        self.cursor.pos = colon + 1

    # Tokens by their first character; a handler returns whether the character began such a token

    def _directive(self, pos: int) -> None:
        self._close_all_indents(pos)
        self._keys.clear()
        self.key_allowed = self.json_like = False
        line = _COMMENT.match(self.text, pos + 1)
        end = line.end() if line else pos + 1
        words = self.text[pos + 1 : end]
        name = rare(_WORD).match(words)
        token = self._push(DIRECTIVE, pos, name.group() if name else "")
        behind = name.end() if name else 0
        for word in rare(_WORD).finditer(words, behind):
            if word.group().startswith("#"):
                end = pos + 1 + word.start()
                break
            token.words.append(word.group())
        self.cursor.pos = end

    def _document_mark(self, type_: int, pos: int) -> None:
        self._close_all_indents(pos)
        self._keys.clear()
        self.key_allowed = self.json_like = False
        self._push(type_, pos)
        self.cursor.pos = pos + 3

    def _flow_start(self, pos: int) -> bool:
        self._maybe_key(pos)
        self.key_allowed, self.json_like = True, False
        char = self.text[pos]
        self._flows.append(char)
        self._push(FLOW_SEQ_START if char == "[" else FLOW_MAP_START, pos)
        self.cursor.pos = pos + 1
        return True

    def _lone_entry(self, pos: int) -> None:
        """What ends before `,`, `]` or `}`: in a flow mapping a key alone gets its value token."""
        if self._flows and self._flows[-1] == "{":
            if self._confirm_key(pos):
                self._push(VALUE, pos)
        elif self._flows:
            self._drop_key()

    def _flow_end(self, pos: int) -> bool:
        if not self._flows:
            raise YamlError("illegal flow end", pos)
        self._lone_entry(pos)
        self.key_allowed, self.json_like = False, True
        sequence = self.text[pos] == "]"
        if (self._flows[-1] == "[") != sequence:
            raise YamlError("illegal flow end", pos)
        self._flows.pop()
        self._push(FLOW_SEQ_END if sequence else FLOW_MAP_END, pos)
        self.cursor.pos = pos + 1
        return True

    def _flow_entry(self, pos: int) -> bool:
        self._lone_entry(pos)
        self.key_allowed, self.json_like = True, False
        self._push(FLOW_ENTRY, pos)
        self.cursor.pos = pos + 1
        return True

    def _block_entry(self, pos: int) -> bool:
        if not self._is_entry(pos):
            return False
        if self._flows or not self.key_allowed:
            raise YamlError("illegal block entry", pos)
        self._open_indent(pos, SEQ_INDENT)
        self.key_allowed, self.json_like = True, False
        self._push(BLOCK_ENTRY, pos)
        self.cursor.pos = pos + 1
        return True

    def _explicit_key(self, pos: int) -> bool:
        if self.text[pos + 1 : pos + 2] not in _BLANK:
            return False
        if not self._flows:
            if not self.key_allowed:
                raise YamlError("illegal map key", pos)
            self._open_indent(pos, MAP_INDENT)
        self.key_allowed = not self._flows
        self._push(KEY, pos)
        self.cursor.pos = pos + 1
        return True

    def _value(self, pos: int) -> bool:
        behind = self.text[pos + 1 : pos + 2]
        if not self._flows:
            if behind not in _BLANK_OR_END:
                return False
        elif not self.json_like and behind not in _BEHIND_VALUE_IN_FLOW:
            return False
        simple = self._confirm_key(pos)
        self.json_like = False
        if simple:
            self.key_allowed = False
        else:
            if not self._flows:
                if not self.key_allowed:
                    raise YamlError("illegal map value", pos)
                self._open_indent(pos, MAP_INDENT)
            self.key_allowed = not self._flows
        self.scalar_allowed = True
        self._push(VALUE, pos)
        self.cursor.pos = pos + 1
        return True

    def _anchor(self, pos: int) -> bool:
        self._maybe_key(pos)
        self.key_allowed = self.json_like = False
        kind = "alias" if self.text[pos] == "*" else "anchor"
        found = rare(_ANCHOR).match(self.text, pos + 1)
        name = found.group() if found else ""
        end = pos + 1 + len(name)
        if not name:
            raise YamlError(f"{kind} not found after {self.text[pos]}", end)
        if end < self.size and not rare(_AFTER_ANCHOR).match(self.text, end):
            raise YamlError(f"illegal character found while scanning {kind}", end)
        self._push(ALIAS if kind == "alias" else ANCHOR, pos, name)
        self.cursor.pos = end
        return True

    def _tag(self, pos: int) -> bool:
        """A tag. All that matters later is whether it is empty or `?`; any other makes a plain scalar a text."""
        self._maybe_key(pos)
        self.key_allowed = self.json_like = False
        text, at = self.text, pos + 1
        if text.startswith("<", at):
            uri = rare(_URI).match(text, at + 1)
            end = uri.end() if uri else at + 1
            if not text.startswith(">", end):
                raise YamlError("end of verbatim tag not found", end)
            self._push(TAG, pos, text[at + 1 : end])
            self.cursor.pos = end + 1
            return True
        word = rare(_TAG_WORD).match(text, at)
        end = handle_end = word.end() if word else at
        if text.startswith("!", end):
            suffix = rare(_TAG).match(text, end + 1)
            end = suffix.end() if suffix else end + 1
            if end == handle_end + 1:
                raise YamlError("tag handle with no suffix", end)
        else:
            rest = rare(_TAG).match(text, end)
            end = rest.end() if rest else end
            if end > handle_end and text.startswith("!", end):
                raise YamlError("illegal character found while scanning tag handle", handle_end)
        self._push(TAG, pos, "!" + text[at:end])
        self.cursor.pos = end
        return True

    # Scalars

    def _check_scalar_allowed(self, pos: int) -> None:
        if not self.scalar_allowed:
            raise YamlError("unexpected scalar", pos)

    def _plain(self, pos: int) -> None:
        self._check_scalar_allowed(pos)
        indent = 0 if self._flows else self._top_column() + 1
        self._maybe_key(pos)
        scalar, self.key_allowed = read_plain(self.cursor, indent, bool(self._flows))
        self.json_like = False
        self._push(PLAIN, pos, scalar)

    def _quoted(self, pos: int) -> bool:
        self._check_scalar_allowed(pos)
        self._maybe_key(pos)
        scalar = read_quoted(self.cursor)
        self.key_allowed, self.json_like = False, True
        self.scalar_allowed = bool(self._flows)
        self._push(QUOTED, pos, scalar)
        return True

    def _block_scalar(self, pos: int) -> bool:
        if self._flows:
            return False
        self._check_scalar_allowed(pos)
        scalar = read_block(self.cursor, self._top_column())
        self.key_allowed, self.json_like = True, False
        self._push(QUOTED, pos, scalar)
        return True

    def _top_column(self) -> int:
        return self.indents[-1].column if self.indents else 0


_HANDLERS = {
    "[": Scanner._flow_start, "{": Scanner._flow_start, "]": Scanner._flow_end, "}": Scanner._flow_end,
    ",": Scanner._flow_entry, "-": Scanner._block_entry, "?": Scanner._explicit_key, ":": Scanner._value,
    "*": Scanner._anchor, "&": Scanner._anchor, "!": Scanner._tag, "|": Scanner._block_scalar,
    ">": Scanner._block_scalar, "'": Scanner._quoted, '"': Scanner._quoted,
}  # fmt: skip
