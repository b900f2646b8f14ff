"""What can be done from anywhere: the palette's commands.

A room adds its own by a method `commands(request, at)` in its AppConfig, which gets the path of the page that is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse

from studio.ui import nav
from studio.ui.look import Look

#: Hits of the rooms that the palette shows in all, and of each kind.
MOST_HITS = 24
MOST_OF_A_KIND = 6
#: Commands shown for a text.
MOST_COMMANDS = 12

HERE, DO, GO = "On this page", "Do", "Go to"


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its words, where it goes, and the fields that it posts there (none: a link).

    `also`: further words that find it. `presses`: id of the button on the open page that does the same; the script
    presses it instead. `group`: the heading that it stands under.
    """

    label: str
    url: str
    icon: str
    fields: tuple[tuple[str, str], ...] = ()
    also: str = ""
    detail: str = ""
    presses: str = ""
    group: str = DO

    @property
    def as_json(self) -> str:
        """The fields, for the script."""
        return json.dumps(self.fields)

    @property
    def look(self) -> str:
        """The part of the look that it changes, which the script does at once; "" for other commands."""
        return self.fields[0][0] if self.icon == "palette" and self.fields else ""

    def fits(self, words: list[str]) -> bool:
        """Whether every word begins one of the command's words, or of those that find it too."""
        return _begin(words, f"{self.label} {self.also}")

    def is_named(self, words: list[str]) -> bool:
        """Whether every word begins one of the words that it shows."""
        return _begin(words, self.label)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and what stands under it: commands, or hits of the rooms."""

    title: str
    commands: tuple[Command, ...] = ()
    hits: tuple[nav.Hit, ...] = ()


def _begin(words: list[str], text: str) -> bool:
    mine = text.casefold().replace("-", " ").replace(":", " ").split()
    return all(any(one.startswith(word) for one in mine) for word in words)


def groups(request: HttpRequest, text: str, at: str = "", *, whole: bool = False) -> list[Group]:
    """What the palette shows for a text. Without one: what can be done on the page `at`, to begin, and where to go;
    with `whole`, every command."""
    words = text.casefold().replace("-", " ").split()[:8]
    fitting = [one for one in known(request, at) if one.fits(words)]
    if not words:
        return _headed(fitting if whole else [one for one in fitting if one.group != DO or not one.fields])
    named = [one for one in fitting if one.is_named(words)]
    others = [one for one in fitting if one not in named]
    hits = _found(request, text)
    if whole or not hits:
        return [*_headed([*named, *others]), *hits]
    return [*_headed(named[:MOST_COMMANDS]), *hits, *_headed(others[:MOST_COMMANDS])]


def _headed(commands: list[Command]) -> list[Group]:
    """The commands under their headings; a heading without any is left out."""
    shown = [Group(title, tuple(one for one in commands if one.group == title)) for title in (HERE, DO, GO)]
    return [one for one in shown if one.commands]


def known(request: HttpRequest, at: str = "") -> list[Command]:
    """Every command that the person may use, those of the open page first."""
    rooms = [config for config in apps.get_app_configs() if hasattr(config, "commands")]
    asked = [one for config in rooms for one in config.commands(request, at)]
    return [
        *(one for one in asked if one.group == HERE),
        *_frame(request),
        *(one for one in asked if one.group != HERE),
    ]


def _frame(request: HttpRequest) -> Iterator[Command]:
    for link in nav.create_actions():
        yield Command(link.label, link.url, link.icon, also="create begin start draft")
    for link in nav.links(request.path):
        yield Command(link.label, link.url, link.icon, also="open go to page", group=GO)
    yield Command("Keyboard shortcuts", reverse("shortcuts"), "keyboard", also="help keys", group=GO)
    now = Look.of(request)
    for part, label, choices, present in (
        ("theme", "Theme", now.themes, now.theme),
        ("contrast", "Contrast", now.contrasts, now.contrast),
        ("density", "Rows", now.densities, now.density),
    ):
        for value, words in choices:
            detail = "as it is now" if value == present else ""
            also = f"look switch {part} colour mode {'table' if part == 'density' else ''}"
            yield Command(f"{label}: {words}", reverse("look"), "palette", ((part, value),), also, detail)


def _found(request: HttpRequest, text: str) -> list[Group]:
    """The rooms' hits by kind, each kind shortened: those that begin with the text first, then the team's own."""
    kinds: dict[str, list[nav.Hit]] = {}
    for hit in nav.suggest(request, text):
        kinds.setdefault(hit.kind, []).append(hit)
    shown, left = [], MOST_HITS
    begun = text.strip().casefold()
    kinds = dict(reversed(kinds.items()))
    first = {kind: any(hit.title.casefold().startswith(begun) for hit in hits) for kind, hits in kinds.items()}
    for kind in sorted(kinds, key=lambda kind: not first[kind]):
        cut = kinds[kind][: min(MOST_OF_A_KIND, left)]
        left -= len(cut)
        if cut:
            shown.append(Group(f"{kind}s", hits=tuple(cut)))
    return shown
