"""What the pages about signing in need: the provider of single sign-on, and browsers in words."""

from __future__ import annotations

from django import template

from studio.accounts.single_sign_on import configured
from studio.environment import SignOn

register = template.Library()

#: A sign in the user agent → what people call it; the first that fits counts.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.simple_tag
def sign_on() -> SignOn:
    """The provider of single sign-on; `is_on` says whether there is one."""
    return configured()


@register.filter
def browser(user_agent: str) -> str:
    """ "Firefox on Linux", or the beginning of the user agent where it names neither."""
    name = next((words for sign, words in BROWSERS if sign in user_agent), "")
    system = next((words for sign, words in SYSTEMS if sign in user_agent), "")
    if name and system:
        return f"{name} on {system}"
    return name or system or user_agent[:60] or "Unknown"
