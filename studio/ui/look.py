"""Light or dark, cosy or compact: remembered in two cookies and written by the server, so that no page flashes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
DENSITIES = ("cosy", "compact")
THEME_COOKIE = "mews_theme"
DENSITY_COOKIE = "mews_density"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """A person's look; "auto" follows the system (the CSS asks prefers-color-scheme)."""

    theme: str = "auto"
    density: str = "cosy"

    @classmethod
    def of(cls, request: HttpRequest) -> Look:
        """The look in the request's cookies; an unknown value counts as absent."""
        theme = request.COOKIES.get(THEME_COOKIE, "auto")
        density = request.COOKIES.get(DENSITY_COOKIE, "cosy")
        return cls(theme if theme in THEMES else "auto", density if density in DENSITIES else "cosy")
