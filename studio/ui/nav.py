"""The frame's entries. A room names them in its AppConfig; a room that is absent shows nothing.

`nav = [NavItem(…)]` for the rail, `actions = [ActionItem(…)]` for the button on top, a method
`bar(request) -> BarItem | None` for a sign in the bar, `search(request, text) -> list[Hit]` for the search over
everything, and `commands(request, at) -> list[Command]` for the palette (studio.ui.commands).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry: its words, the name of its page's URL, a Tabler icon, its place (10, 20, … from the top), and its key
    (g, then this letter, goes there). `also` names pages elsewhere that belong to it."""

    label: str
    url_name: str
    icon: str
    order: int
    key: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something to begin: the first one, by order, is the button on top and the shortcut c."""

    label: str
    url_name: str
    icon: str
    order: int = 50


@dataclass(frozen=True, slots=True)
class BarItem:
    """A sign in the bar on top, beside the person: its words, address, icon, and the number on it (0 for none)."""

    label: str
    url: str
    icon: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as drawn: `current` where the open page lies at or below its address."""

    label: str
    url: str
    icon: str
    key: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found: the kind of thing ("Technique"), its title, a short detail, its address."""

    kind: str
    title: str
    detail: str
    url: str
    icon: str = "file"


def links(path: str) -> list[Link]:
    """The rail's entries whose page exists, for the page at `path`; the longest matching address is the current one."""
    items = sorted(_declared("nav"), key=lambda item: (item.order, item.label))
    drawn = [(item, url) for item in items if (url := _address(item.url_name))]
    current = max(drawn, key=lambda pair: _closeness(pair[0], path), default=(None, ""))[0]
    if current and not _closeness(current, path):
        current = None
    return [Link(item.label, url, item.icon, item.key, item is current) for item, url in drawn]


def _closeness(item: NavItem, path: str) -> int:
    """Length of the longest of the entry's addresses that the path lies at or below; 0 where it lies elsewhere."""
    addresses = [url for name in (item.url_name, *item.also) if (url := _address(name))]
    return max((len(url) for url in addresses if path == url or (url != "/" and path.startswith(url))), default=0)


def create_actions() -> list[Link]:
    """What can be begun, in order."""
    items = sorted(_declared("actions"), key=lambda item: (item.order, item.label))
    return [Link(item.label, url, item.icon) for item in items if (url := _address(item.url_name))]


def bar_items(request: HttpRequest) -> list[BarItem]:
    """The signs of the bar, room by room."""
    asked = [config.bar(request) for config in apps.get_app_configs() if hasattr(config, "bar")]
    return [item for item in asked if item is not None]


def search(request: HttpRequest, text: str) -> list[Hit]:
    """What the rooms find for the text, room by room from the top of the house."""
    return [
        hit for config in apps.get_app_configs() if hasattr(config, "search") for hit in config.search(request, text)
    ]


def suggest(request: HttpRequest, text: str) -> list[Hit]:
    """The same for somebody who is typing: a room that has a quicker answer gives it by `suggest(request, text)`."""
    asked = (getattr(config, "suggest", getattr(config, "search", None)) for config in apps.get_app_configs())
    return [hit for ask in asked if ask for hit in ask(request, text)]


def _declared(name: str) -> list[NavItem]:
    return [item for config in apps.get_app_configs() for item in getattr(config, name, [])]


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
