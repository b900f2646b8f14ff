"""Rules of the same or nearly the same name, or of an equal condition: drafts, other rooms', the Falco project's.

A room that has rules of its own names them in its AppConfig: `rule_names(team) -> Iterable[Named]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice

from django.apps import apps
from django.db.models import Count, Max, Sum
from django.urls import reverse

from studio.accounts.models import Team
from studio.authoring.builder import twins
from studio.authoring.models import Draft
from studio.definitions.lexicon import Lexicon

#: Names told at once; more would be no help.
SHOWN = 5
#: From this likeness on (0 to 1) two names are near.
NEAR = 0.82
_NEAR_WORDS = 0.6

#: Drafts whose neighbours are remembered.
_MOST_READ = 32
_read: dict[tuple[int, int], tuple[dict[str, object], tuple[Named, ...]]] = {}

#: Names of the rules that the Falco project keeps as stable. A rule of such a name that is loaded later replaces it.
UPSTREAM = (
    "Directory traversal monitored file read", "Read sensitive file trusted after startup",
    "Read sensitive file untrusted", "Run shell untrusted", "System user interactive", "Terminal shell in container",
    "Contact K8S API Server From Container", "Netcat Remote Code Execution in Container",
    "Search Private Keys or Passwords", "Clear Log Activities", "Remove Bulk Data from Disk",
    "Create Symlink Over Sensitive Files", "Create Hardlink Over Sensitive Files", "Packet socket created in container",
    "Redirect STDOUT/STDIN to Network Connection in Container", "Linux Kernel Module Injection Detected",
    "Debugfs Launched in Privileged Container", "Detect release_agent File Container Escapes",
    "PTRACE attached to process", "PTRACE anti-debug attempt", "Find AWS Credentials", "Execution from /dev/shm",
    "Drop and execute new binary in container", "Disallowed SSH Connection Non Standard Port",
    "Fileless execution via memfd_create",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A rule by its name. kind: what it is, in words; draft: where it comes from, 0 for no draft; view: its page."""

    name: str
    kind: str
    draft: int = 0
    view: str = ""
    condition: str = ""

    @property
    def url(self) -> str:
        """Its address, "" where it has no page; made only for those that are shown."""
        return reverse(self.view, args=[self.draft]) if self.view else ""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A rule whose name is like the one asked about. same: nothing but case and blanks differ."""

    named: Named
    same: bool


def alike(name: str, known: Iterable[Named]) -> list[Namesake]:
    """Those of the same or a near name, the same ones first."""
    asked = plain(name)
    if not asked:
        return []
    words, judge = _words(asked), SequenceMatcher(None, asked)
    found: list[tuple[float, Namesake]] = []
    for one in known:
        other = plain(one.name)
        likeness = 1.0 if other == asked else _likeness(words, other, judge)
        if likeness:
            found.append((likeness, Namesake(one, other == asked)))
    found.sort(key=lambda pair: -pair[0])
    return [one for _, one in found[:SHOWN]]


def saying_the_same(condition: str, known: Sequence[Named], names: Lexicon) -> list[Named]:
    """Those whose condition means the same, however it is written."""
    found = twins.equal(condition, [one.condition for one in known], names)
    return [known[number] for number in islice(found, SHOWN)]


def known(team: Team, draft: int) -> Iterator[Named]:
    """Every rule that a draft of the team may be confused with; the draft itself and what came of it are left out."""
    listed: set[int] = set()
    for config in apps.get_app_configs():
        for one in config.rule_names(team) if hasattr(config, "rule_names") else ():
            if one.draft != draft:
                listed.add(one.draft)
                yield one
    yield from (one for one in _drafts(team, draft) if one.draft not in listed)
    yield from (Named(name, "rule of the Falco project") for name in UPSTREAM)


def _drafts(team: Team, draft: int) -> tuple[Named, ...]:
    """The team's other drafts, read again only where one of them changed: an edit of this one asks at every key."""
    others = Draft.objects.filter(team=team, deleted_at=None).exclude(pk=draft)
    stamp = others.aggregate(Count("pk"), Sum("pk"), Sum("version"), Max("updated"))
    kept = _read.get((team.pk, draft))
    if kept is None or kept[0] != stamp:
        rows = others.values_list("pk", "title", "content__condition")
        named = tuple(Named(title, "draft", pk, "authoring:draft", said or "") for pk, title, said in rows)
        if len(_read) >= _MOST_READ:
            _read.clear()
        kept = _read[team.pk, draft] = (stamp, named)
    return kept[1]


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """The name in small letters, with one blank between its words."""
    return " ".join(re.findall(r"\w+", name.lower()))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words without the endings that English gives them."""
    return frozenset(re.sub(r"(ing|ed|es|e|s)$", "", word) for word in text.split() if len(word) > 2)


def _likeness(words: frozenset[str], other: str, judge: SequenceMatcher[str]) -> float:
    """0 where the names are not near. Cheap bounds first: a team may have thousands of rules."""
    theirs = _words(other)
    shared = len(words & theirs)
    overlap = shared / len(words | theirs) if shared > 1 else 0.0
    if overlap >= _NEAR_WORDS:
        return overlap
    judge.set_seq2(other)
    if judge.real_quick_ratio() < NEAR or judge.quick_ratio() < NEAR:
        return 0.0
    ratio = judge.ratio()
    return ratio if ratio >= NEAR else 0.0
