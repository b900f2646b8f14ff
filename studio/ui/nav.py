"""The left rail: a room names its entries in its AppConfig (`nav = [NavItem(…)]`); a room that is absent shows nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry: its words, the name of its page's URL, a Tabler icon, and its place (10, 20, … from the top)."""

    label: str
    url_name: str
    icon: str
    order: int


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as drawn: `current` where the open page lies at or below its address."""

    label: str
    url: str
    icon: str
    current: bool


def items() -> list[NavItem]:
    """Every room's entries, in order."""
    found = [item for config in apps.get_app_configs() for item in getattr(config, "nav", [])]
    return sorted(found, key=lambda item: (item.order, item.label))


def links(path: str) -> list[NavLink]:
    """The entries whose page exists, for the page at `path`; the longest matching address is the current one."""
    drawn = [(item, _address(item.url_name)) for item in items()]
    inside = [url for _, url in drawn if url and (path == url or (url != "/" and path.startswith(url)))]
    current = max(inside, key=len, default=None)
    return [NavLink(item.label, url, item.icon, url == current) for item, url in drawn if url]


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
