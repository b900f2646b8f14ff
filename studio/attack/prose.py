"""MITRE's descriptions as safe HTML.

They are Markdown with some HTML (<code>, <br>), marks like "(Citation: Some report)" and links to MITRE's site.
markdown-it renders them, and nh3 cleans the result: only formatting and http(s) links are left.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_NAME = r"((?:[^()]|\([^()]*\))*)"
_CITATION = re.compile(rf"\s*\(Citation: {_NAME}\)")
_CUT_CITATION = re.compile(r"\s*\((?:C|Ci|Cit|Cita|Citat|Citati|Citatio|Citation(?::[^)]*)?)?\Z")
_CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
_TICKS = re.compile(r"`+")
_CUT_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\Z")
_SITE_LINK = re.compile(
    r"\]\(https?://attack\.mitre\.org/(?:techniques/(T\d{4})(?:/(\d{3}))?|groups/(G\d{4})|software/(S\d{4}))/?\)"
)
_TAGS = {"p", "br", "ul", "ol", "li", "code", "pre", "em", "strong", "blockquote", "a", "sup", "sub", "h3", "h4"}


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a description cites: its number on the page, name, text and address (may be empty)."""

    number: int
    name: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A description as HTML, and what it cites in the order of the numbers."""

    html: SafeString
    sources: tuple[Source, ...]


def prose(text: str, references: Iterable[dict[str, Any]] = ()) -> Prose:
    """Paragraphs, with citations as numbers that link to #source-N."""
    known = {entry.get("name", ""): entry for entry in references}
    cited: dict[str, Source] = {}

    def number(match: re.Match[str]) -> str:
        name = match[1].strip()
        entry = known.get(name, {})
        source = cited.setdefault(
            name, Source(len(cited) + 1, name, str(entry.get("text", "")), str(entry.get("url", "")))
        )
        return f'<sup><a href="#source-{source.number}">[{source.number}]</a></sup>'

    html = _markdown().render(_prepared(text, number))
    return Prose(_clean(html), tuple(cited.values()))


def sentence(text: str) -> SafeString:
    """One paragraph's content, citations left out."""
    return _clean(_markdown().renderInline(_prepared(text, lambda match: "")))


def _prepared(text: str, citation: Callable[[re.Match[str]], str]) -> str:
    """Markdown in which code is literal, citations are replaced, and links to MITRE's pages lead to ours."""
    parts = _CODE.split(_whole(text))  # outside, inside, outside, …
    return "".join(
        _literal(part) if index % 2 else _CITATION.sub(citation, _SITE_LINK.sub(_own_page, part))
        for index, part in enumerate(parts)
    )


def _literal(code: str) -> str:
    """A code span: MITRE writes <code>C:\\Temp\\</code>, where Markdown would take the backslashes for escapes."""
    content = unescape(code)
    ticks = "`" * (max(map(len, _TICKS.findall(content)), default=0) + 1)
    return f"{ticks} {content} {ticks}" if content.strip() else ""


def _whole(text: str) -> str:
    """Text that its source cut off, without the half citation or half link at its end, and with its code closed."""
    if not text.endswith("..."):
        return text
    ended = _CUT_LINK.sub(r"\1", _CUT_CITATION.sub("", text.removesuffix("...").rstrip())).rstrip()
    closing = "</code>" if ended.rfind("<code>") > ended.rfind("</code>") else ""
    return f"{ended} …{closing}"


def _own_page(match: re.Match[str]) -> str:
    technique, sub, group, software = match.groups()
    if technique:
        return f"]({reverse('attack:technique', args=[f'{technique}.{sub}' if sub else technique])})"
    if group:
        return f"]({reverse('attack:group', args=[group])})"
    return f"]({reverse('attack:software', args=[software])})"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})


def _clean(html: str) -> SafeString:
    safe = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
    return mark_safe(safe)  # noqa: S308 - nh3 has cleaned it
