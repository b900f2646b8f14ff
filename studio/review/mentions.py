"""Who is meant by @name in a text: members of the team by full name, or by a first name that only one of them has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from studio.accounts.models import User


def mentioned(text: str, members: Iterable[User]) -> list[User]:
    """The members that the text mentions, each once, in the order of the text."""
    return list(dict.fromkeys(person for _, person in found(text, members)))


def found(text: str, members: Iterable[User]) -> Iterator[tuple[re.Match[str], User]]:
    """Each mention with its member. Longer names win: "@Ann Other" is not Ann."""
    names = _names(members)
    if not names or "@" not in text:
        return
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w@])@({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(text):
        yield match, names[match.group(1).casefold()]


def _names(members: Iterable[User]) -> dict[str, User]:
    people = list(members)
    first = Counter(one.get_short_name().casefold() for one in people)
    full = Counter(one.name.casefold() for one in people)
    names = {one.get_short_name().casefold(): one for one in people if first[one.get_short_name().casefold()] == 1}
    return names | {one.name.casefold(): one for one in people if full[one.name.casefold()] == 1}
