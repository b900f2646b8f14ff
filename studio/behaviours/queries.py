"""Named reads of the built-in library: loaded once, kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from studio.behaviours import compiled, ordinary
from studio.behaviours.records import Behaviour, Noise, SampleEvent


@lru_cache(maxsize=1)
def all() -> tuple[Behaviour, ...]:
    """Every behaviour by the technique that it is filed under, and within it in the order of the library's files."""
    return tuple(sorted(compiled.load(), key=lambda behaviour: behaviour.primary_technique))


def get(behaviour_id: str) -> Behaviour:
    """The behaviour of this id. Raises KeyError."""
    return _by_id()[behaviour_id]


def for_techniques(attack_ids: Iterable[str]) -> list[Behaviour]:
    """The behaviours of these techniques, each once.

    First those filed under them, then those that also serve them, and last, for a parent, those of its sub-techniques
    (`inherited_from` marks them).
    """
    wanted = list(attack_ids)
    return sorted((b for b in all() if _nearness(b, wanted) < 3), key=lambda b: _nearness(b, wanted))


def inherited_from(behaviour: Behaviour, attack_ids: Collection[str]) -> str:
    """The sub-technique through which a behaviour belongs to one of these parents; empty where it belongs itself."""
    if any(technique in attack_ids for technique in behaviour.techniques):
        return ""
    return next((t for t in behaviour.techniques if "." in t and t.partition(".")[0] in attack_ids), "")


def search(text: str = "", techniques: Collection[str] | None = None, noise: str = "") -> list[Behaviour]:
    """Behaviours in which every word of `text` occurs, of these techniques (None: of any), of this noise level
    (empty: any); those with more of the words in their title first."""
    words = text.casefold().split()
    found: Sequence[Behaviour] = all() if techniques is None else for_techniques(techniques)
    matching = [b for b in found if (not noise or b.noise == noise) and not _missing(words, _haystack(b.id))]
    return sorted(matching, key=lambda b: len(_missing(words, b.title.casefold())))


def techniques() -> list[str]:
    """Every technique that has a behaviour, in order."""
    return sorted({technique for behaviour in all() for technique in behaviour.techniques})


def by_technique() -> Mapping[str, tuple[Behaviour, ...]]:
    """Technique → its behaviours, in order of the ids."""
    return _by_technique()


def noises() -> tuple[Noise, ...]:
    """The noise levels, the quiet one first."""
    return tuple(Noise)


def baseline() -> tuple[SampleEvent, ...]:
    """A day of ordinary life on hosts and in containers: more than 3,000 events."""
    return ordinary.baseline()


def _nearness(behaviour: Behaviour, attack_ids: Collection[str]) -> int:
    if behaviour.primary_technique in attack_ids:
        return 0
    if any(technique in attack_ids for technique in behaviour.techniques):
        return 1
    return 2 if inherited_from(behaviour, attack_ids) else 3


def _missing(words: Iterable[str], text: str) -> list[str]:
    return [word for word in words if word not in text]


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, Behaviour]:
    return MappingProxyType({behaviour.id: behaviour for behaviour in all()})


@lru_cache(maxsize=1)
def _by_technique() -> Mapping[str, tuple[Behaviour, ...]]:
    return MappingProxyType({t: tuple(b for b in all() if t in b.techniques) for t in techniques()})


def missing(words: Iterable[str], b: Behaviour) -> list[str]:
    """Which of the words (casefolded) a behaviour does not hold."""
    return _missing(words, _told(b))


@lru_cache(maxsize=4096)
def _haystack(behaviour_id: str) -> str:
    return _told(get(behaviour_id))


def _told(b: Behaviour) -> str:
    return " ".join(
        (b.id, *b.techniques, b.title, b.group, b.does, b.why, b.kernel, b.template, str(b.parameters))
    ).casefold()
