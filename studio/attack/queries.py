"""Named reads of the ATT&CK tables. Identifiers are ATT&CK's own text ("T1490", "t1059.004", "T1059/004")."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import and_

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from studio.attack.models import Catalogue, Platform, Tactic, Technique

DEFAULT_PLATFORMS = ("Linux", "Containers")
_ATTACK_ID = re.compile(r"t\d{4}([./]\d{3})?", re.IGNORECASE)
_MAX_TEXT, _MAX_WORDS = 200, 10


def catalogue() -> Catalogue | None:
    """The loaded release; None before the first load."""
    return Catalogue.objects.first()


def tactics() -> QuerySet[Tactic]:
    """Tactics in force, in the matrix's order."""
    return Tactic.objects.filter(revoked=False, deprecated=False)


def platforms() -> list[str]:
    """Names of the platforms that techniques in force work on, those Falco watches first."""
    names = set(Platform.objects.filter(techniques__in=_in_force()).values_list("name", flat=True))
    return [name for name in DEFAULT_PLATFORMS if name in names] + sorted(names - {*DEFAULT_PLATFORMS})


def technique(attack_id: str) -> Technique | None:
    """The technique with this identifier, retired or not."""
    return _with_relatives(Technique.objects.filter(attack_id=normal(attack_id))).first()


def techniques(attack_ids: Iterable[str]) -> list[Technique]:
    """The techniques with these identifiers, in the order asked; those not in the catalogue are left out."""
    wanted = list(dict.fromkeys(normal(attack_id) for attack_id in attack_ids))
    found = {row.attack_id: row for row in _with_relatives(Technique.objects.filter(attack_id__in=wanted))}
    return [found[attack_id] for attack_id in wanted if attack_id in found]


def resolve(attack_id: str) -> Technique | None:
    """The technique in force that this identifier stands for today: revocations are followed to their end.

    None when the catalogue has no such technique. A technique that was retired without a successor is given as it is.
    """
    seen: set[str] = set()
    found = technique(attack_id)
    while found and found.successor_id and found.attack_id not in seen:
        seen.add(found.attack_id)
        found = technique(found.successor_id)
    return found


def tactics_of(attack_id: str) -> list[str]:
    """Slugs of the technique's tactics in the matrix's order, such as ["impact"]."""
    return list(Tactic.objects.filter(techniques=normal(attack_id)).values_list("slug", flat=True))


def technique_tactics() -> dict[str, set[str]]:
    """Slugs of tactics by technique identifier, for all techniques in force. One query, about 900 rows."""
    pairs = _in_force().order_by().values_list("attack_id", "tactics__slug")
    found: dict[str, set[str]] = {}
    for attack_id, slug in pairs:
        found.setdefault(attack_id, set()).update({slug} if slug else ())
    return found


def retired() -> dict[str, str]:
    """Techniques that ATT&CK revoked or deprecated, with the one in force that took their place, "" for none."""
    rows = Technique.objects.filter(Q(revoked=True) | Q(deprecated=True)).order_by()
    next_of = dict(rows.values_list("attack_id", "successor_id"))
    found = {}
    for attack_id, successor in next_of.items():
        seen = {attack_id}
        while successor in next_of and successor not in seen:
            seen.add(successor)
            successor = next_of[successor]
        found[attack_id] = successor if successor and successor not in next_of else ""
    return found


def search(
    text: str = "", tactic: str | None = None, platforms: Iterable[str] = (), retired: bool = False
) -> QuerySet[Technique]:
    """Techniques in force that match, the best first: by identifier, then name, then words of the description.

    Every word of `text` must occur. `tactic` is a slug; `platforms` are names of which one is enough, none means all.
    With `retired`, revoked and deprecated techniques are found too.
    """
    found = Technique.objects.all() if retired else _in_force()
    if tactic:
        found = found.filter(tactics__slug=tactic)
    if names := list(platforms):
        through = Technique.platforms.through.objects.filter(platform__in=names)
        found = found.filter(attack_id__in=through.values("technique_id"))
    return _with_relatives(_matching(found, text))


def suggest(text: str, limit: int = 8) -> list[Technique]:
    """The best few techniques for what somebody is typing; none for nothing."""
    return list(search(text)[:limit]) if text.strip() else []


def names() -> QuerySet[Technique, tuple[str, str]]:
    """Identifier and name of every technique in force that works where Falco watches, by identifier."""
    through = Technique.platforms.through.objects.filter(platform__in=DEFAULT_PLATFORMS)
    found = _in_force().filter(attack_id__in=through.values("technique_id"))
    return found.order_by("attack_id").values_list("attack_id", "name")


def named(text: str) -> Technique | None:
    """The technique in force with this very name; of several the parent."""
    return _in_force().filter(name__iexact=text.strip()).order_by("attack_id").first()


def normal(attack_id: str) -> str:
    """The identifier as ATT&CK writes it: "T1059.004" for " t1059/004 "."""
    return attack_id.strip()[:16].upper().replace("/", ".")


def is_attack_id(text: str) -> bool:
    """Whether the text is a technique's identifier, known or not."""
    return _ATTACK_ID.fullmatch(text.strip()) is not None


def _in_force() -> QuerySet[Technique]:
    return Technique.objects.filter(revoked=False, deprecated=False)


def _with_relatives(found: QuerySet[Technique]) -> QuerySet[Technique]:
    """Without the long search column, and with what every list of techniques shows."""
    shown = Prefetch("tactics", Tactic.objects.only("attack_id", "slug", "name", "position"))
    return found.select_related("parent").defer("search_text", "parent__search_text").prefetch_related(shown)


def _matching(found: QuerySet[Technique], text: str) -> QuerySet[Technique]:
    phrase = " ".join(text[:_MAX_TEXT].replace("\x00", "").lower().split())
    if not phrase:
        return found
    attack_id = normal(phrase) if is_attack_id(phrase) else phrase.upper()
    words = [Q(search_text__contains=word) for word in phrase.split()[:_MAX_WORDS]]
    by_id = Q(attack_id__startswith=attack_id)
    rank = Case(
        When(attack_id=attack_id, then=Value(0)),
        When(by_id, then=Value(1)),
        When(search_name=phrase, then=Value(2)),
        When(search_name__startswith=phrase, then=Value(3)),
        When(search_name__contains=f" {phrase}", then=Value(4)),
        When(search_name__contains=phrase, then=Value(5)),
        When(reduce(and_, (Q(search_name__contains=word) for word in phrase.split()[:_MAX_WORDS])), then=Value(6)),
        default=Value(7),
        output_field=IntegerField(),
    )
    return found.filter(reduce(and_, words) | by_id).annotate(rank=rank).order_by("rank", "attack_id")
