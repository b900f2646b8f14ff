"""Lists put into conditions: as text, wherever their name stands between blanks, parentheses, commas or `=`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from rules_export.errors import FatalLoadError
from rules_export.ruleset.collector import ListInfo
from rules_export.ruleset.exceptions import listed

#: A condition whose text is longer than this, with its lists put in, is refused.
MAX_TEXT = 1_000_000

_TOO_LONG = "A condition is longer than a million bytes, by itself or by the lists that it names: it is refused."
_BLANKS = " \t\n\r"
_DELIMITERS = _BLANKS + "(),="
_SPLIT = re.compile(r"[ \t\n\r(),=]+")


class ListTable:
    """The lists of a load, compiled. `used` collects the names that some list or condition made use of."""

    def __init__(self, lists: Iterable[ListInfo]) -> None:
        self.used: set[str] = set()
        self._names: list[str] = []
        self._texts: list[str] = []
        self._order: dict[str, int] = {}
        self._odd: list[int] = []
        known = {info.name: info for info in lists}
        for info in known.values():
            order = self._order[info.name] = len(self._names)
            self._names.append(info.name)
            self._texts.append(listed(self._inlined(info, known)))
            if _SPLIT.search(info.name):
                self._odd.append(order)

    def _inlined(self, info: ListInfo, known: dict[str, ListInfo]) -> list[str]:
        """The items, names of lists that it sees replaced by their items as written: exactly one level."""
        items: list[str] = []
        for item in info.items:
            other = known.get(item)
            if other is None or other.index >= info.visibility:
                items.append(item)
                continue
            self.used.add(item)
            items += other.items
        return items

    def substitute(self, condition: str) -> str:
        """The condition with every list's name replaced by its items, list after list in order of definition."""
        order = self._order
        if len(condition) > MAX_TEXT:
            raise FatalLoadError(_TOO_LONG)
        waiting = [order[word] for word in set(_SPLIT.split(condition)) if word in order] + self._odd
        if not waiting:
            return condition
        heapify(waiting)
        last = -1
        while waiting:
            number = heappop(waiting)
            if number == last:
                continue
            last = number
            changed = _replaced(condition, self._names[number], self._texts[number])
            if changed is None:
                continue
            condition = changed
            self.used.add(self._names[number])
            for word in _SPLIT.split(self._texts[number]):
                later = order.get(word, -1)
                if later > number:
                    heappush(waiting, later)
        return condition


def _replaced(condition: str, name: str, items: str) -> str | None:
    """The condition with each occurrence of `name` replaced; None where there is none.

    One pass: `left` is finished text. At the very beginning of a condition Falco's count is off by one, so that a name
    right behind the first replacement stays as it is.
    """
    left: list[str] = []
    rest = search = size = 0
    while (start := condition.find(name, search)) >= 0:
        end = start + len(name)
        before = condition[start - 1] if start > rest else left[-1][-1] if left else " "
        if before not in _DELIMITERS or (end < len(condition) and condition[end] not in _DELIMITERS):
            search = start + 1
            continue
        left.append(condition[rest:start])
        _strip_end(left, _BLANKS)
        while end < len(condition) and condition[end] in _BLANKS:
            end += 1
        if not items:  # an empty list takes a comma with it
            if left and left[-1][-1] == ",":
                left[-1] = left[-1][:-1]
                _strip_end(left, "")
            elif end < len(condition) and condition[end] == ",":
                end += 1
        search = end if left else end + 1
        left.append(" " + items + " " if left else items + " ")
        rest = end
        size += len(items)
        if size > MAX_TEXT:
            raise FatalLoadError(_TOO_LONG)
    return "".join(left) + condition[rest:] if left else None


def _strip_end(pieces: list[str], characters: str) -> None:
    """Take characters from the end of the pieces, and pieces that are empty."""
    while pieces:
        pieces[-1] = pieces[-1].rstrip(characters) if characters else pieces[-1]
        if pieces[-1]:
            return
        pieces.pop()
