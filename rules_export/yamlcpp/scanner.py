"""YAML text into tokens, as the YAML library of Falco does it: same tokens, same marks, same complaints."""

from __future__ import annotations

import re
from functools import cache

from rules_export.yamlcpp.blocks import read_block
from rules_export.yamlcpp.queue import BLANK_OR_END, COMMENT, MAP_INDENT, SEQ_INDENT, TokenQueue
from rules_export.yamlcpp.scalars import DOCUMENT_MARK, read_plain, read_quoted
from rules_export.yamlcpp.text import YamlError
from rules_export.yamlcpp.tokens import (
    ALIAS,
    ANCHOR,
    BLOCK_ENTRY,
    DIRECTIVE,
    DOC_END,
    DOC_START,
    FLOW_ENTRY,
    FLOW_MAP_END,
    FLOW_MAP_START,
    FLOW_SEQ_END,
    FLOW_SEQ_START,
    KEY,
    PLAIN,
    QUOTED,
    TAG,
    VALUE,
)

_BLANK = frozenset(" \t\n\r")
_BEHIND_VALUE_IN_FLOW = _BLANK | frozenset(",]}")
#: What cannot begin a plain scalar, in block and in flow context; `-`, `?` and `:` can, unless a blank follows.
_NOT_PLAIN = frozenset(" \t\n\r,[]{}#&*!|>'\"%@`")
_NOT_PLAIN_IN_FLOW = _NOT_PLAIN | {"?"}
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


class Scanner(TokenQueue):
    """Makes tokens by the first character of what comes next."""

    def scan(self) -> None:
        self.skip_to_token()
        cursor, text, pos = self.cursor, self.text, self.cursor.pos
        if not self.flows:
            self.close_indents(pos)
        if pos >= self.size:
            self.end_stream()
            return
        char = text[pos]
        in_block = not self.flows
        if pos == cursor.line_start and char in "%-.":
            if char == "%":
                self._directive(pos)
                return
            if DOCUMENT_MARK.match(text, pos):
                self._document_mark(DOC_START if char == "-" else DOC_END, pos)
                return
        if in_block and self.key_allowed and not self.keys:
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
        return behind not in BLANK_OR_END or (bool(self.flows) and behind in ("\n", "\r"))

    def _block_key(self, pos: int, colon: int, name: str) -> None:
        """`name:` where a key may stand: what the general way would do, in one step."""
        self.open_indent(pos, MAP_INDENT)
        self.push(KEY, pos)
        self.push(PLAIN, pos, name)
        self.push(VALUE, colon)
        self.key_allowed, self.scalar_allowed, self.json_like = False, True, False
        self.cursor.pos = colon + 1

    # Tokens by their first character; a handler returns whether the character began such a token

    def _directive(self, pos: int) -> None:
        self.close_all_indents(pos)
        self.keys.clear()
        self.key_allowed = self.json_like = False
        line = COMMENT.match(self.text, pos + 1)
        end = line.end() if line else pos + 1
        words = self.text[pos + 1 : end]
        name = rare(_WORD).match(words)
        token = self.push(DIRECTIVE, pos, name.group() if name else "")
        behind = name.end() if name else 0
        for word in rare(_WORD).finditer(words, behind):
            if word.group().startswith("#"):
                end = pos + 1 + word.start()
                break
            token.words.append(word.group())
        self.cursor.pos = end

    def _document_mark(self, type_: int, pos: int) -> None:
        self.close_all_indents(pos)
        self.keys.clear()
        self.key_allowed = self.json_like = False
        self.push(type_, pos)
        self.cursor.pos = pos + 3

    def _flow_start(self, pos: int) -> bool:
        self.maybe_key(pos)
        self.key_allowed, self.json_like = True, False
        char = self.text[pos]
        self.flows.append(char)
        self.push(FLOW_SEQ_START if char == "[" else FLOW_MAP_START, pos)
        self.cursor.pos = pos + 1
        return True

    def _lone_entry(self, pos: int) -> None:
        """What ends before `,`, `]` or `}`: in a flow mapping a key alone gets its value token."""
        if self.flows and self.flows[-1] == "{":
            if self.confirm_key(pos):
                self.push(VALUE, pos)
        elif self.flows:
            self.drop_key()

    def _flow_end(self, pos: int) -> bool:
        if not self.flows:
            raise YamlError("illegal flow end", pos)
        self._lone_entry(pos)
        self.key_allowed, self.json_like = False, True
        sequence = self.text[pos] == "]"
        if (self.flows[-1] == "[") != sequence:
            raise YamlError("illegal flow end", pos)
        self.flows.pop()
        self.push(FLOW_SEQ_END if sequence else FLOW_MAP_END, pos)
        self.cursor.pos = pos + 1
        return True

    def _flow_entry(self, pos: int) -> bool:
        self._lone_entry(pos)
        self.key_allowed, self.json_like = True, False
        self.push(FLOW_ENTRY, pos)
        self.cursor.pos = pos + 1
        return True

    def _block_entry(self, pos: int) -> bool:
        if not self.is_entry(pos):
            return False
        if self.flows or not self.key_allowed:
            raise YamlError("illegal block entry", pos)
        self.open_indent(pos, SEQ_INDENT)
        self.key_allowed, self.json_like = True, False
        self.push(BLOCK_ENTRY, pos)
        self.cursor.pos = pos + 1
        return True

    def _explicit_key(self, pos: int) -> bool:
        if self.text[pos + 1 : pos + 2] not in _BLANK:
            return False
        if not self.flows:
            if not self.key_allowed:
                raise YamlError("illegal map key", pos)
            self.open_indent(pos, MAP_INDENT)
        self.key_allowed = not self.flows
        self.push(KEY, pos)
        self.cursor.pos = pos + 1
        return True

    def _value(self, pos: int) -> bool:
        behind = self.text[pos + 1 : pos + 2]
        if not self.flows:
            if behind not in BLANK_OR_END:
                return False
        elif not self.json_like and behind not in _BEHIND_VALUE_IN_FLOW:
            return False
        simple = self.confirm_key(pos)
        self.json_like = False
        if simple:
            self.key_allowed = False
        else:
            if not self.flows:
                if not self.key_allowed:
                    raise YamlError("illegal map value", pos)
                self.open_indent(pos, MAP_INDENT)
            self.key_allowed = not self.flows
        self.scalar_allowed = True
        self.push(VALUE, pos)
        self.cursor.pos = pos + 1
        return True

    def _anchor(self, pos: int) -> bool:
        self.maybe_key(pos)
        self.key_allowed = self.json_like = False
        kind = "alias" if self.text[pos] == "*" else "anchor"
        found = rare(_ANCHOR).match(self.text, pos + 1)
        name = found.group() if found else ""
        end = pos + 1 + len(name)
        if not name:
            raise YamlError(f"{kind} not found after {self.text[pos]}", end)
        if end < self.size and not rare(_AFTER_ANCHOR).match(self.text, end):
            raise YamlError(f"illegal character found while scanning {kind}", end)
        self.push(ALIAS if kind == "alias" else ANCHOR, pos, name)
        self.cursor.pos = end
        return True

    def _tag(self, pos: int) -> bool:
        """A tag. All that matters later is whether it is empty or `?`; any other makes a plain scalar a text."""
        self.maybe_key(pos)
        self.key_allowed = self.json_like = False
        text, at = self.text, pos + 1
        if text.startswith("<", at):
            uri = rare(_URI).match(text, at + 1)
            end = uri.end() if uri else at + 1
            if not text.startswith(">", end):
                raise YamlError("end of verbatim tag not found", end)
            self.push(TAG, pos, text[at + 1 : end])
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
        self.push(TAG, pos, "!" + text[at:end])
        self.cursor.pos = end
        return True

    # Scalars

    def _check_scalar_allowed(self, pos: int) -> None:
        if not self.scalar_allowed:
            raise YamlError("unexpected scalar", pos)

    def _plain(self, pos: int) -> None:
        self._check_scalar_allowed(pos)
        indent = 0 if self.flows else self.top_column() + 1
        self.maybe_key(pos)
        scalar, self.key_allowed = read_plain(self.cursor, indent, bool(self.flows))
        self.json_like = False
        self.push(PLAIN, pos, scalar)

    def _quoted(self, pos: int) -> bool:
        self._check_scalar_allowed(pos)
        self.maybe_key(pos)
        scalar = read_quoted(self.cursor)
        self.key_allowed, self.json_like = False, True
        self.scalar_allowed = bool(self.flows)
        self.push(QUOTED, pos, scalar)
        return True

    def _block_scalar(self, pos: int) -> bool:
        if self.flows:
            return False
        self._check_scalar_allowed(pos)
        scalar = read_block(self.cursor, self.top_column())
        self.key_allowed, self.json_like = True, False
        self.push(QUOTED, pos, scalar)
        return True


_HANDLERS = {
    "[": Scanner._flow_start, "{": Scanner._flow_start, "]": Scanner._flow_end, "}": Scanner._flow_end,
    ",": Scanner._flow_entry, "-": Scanner._block_entry, "?": Scanner._explicit_key, ":": Scanner._value,
    "*": Scanner._anchor, "&": Scanner._anchor, "!": Scanner._tag, "|": Scanner._block_scalar,
    ">": Scanner._block_scalar, "'": Scanner._quoted, '"': Scanner._quoted,
}  # fmt: skip
