"""The rows of the list of techniques: only what is drawn, in three queries for a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from studio.attack.models import Technique


@dataclass(frozen=True, slots=True)
class Row:
    """A technique as the list draws it; `parent` is the parent's name, empty for a technique of its own."""

    attack_id: str
    name: str
    parent: str
    tactics: str
    platforms: str


def page(found: QuerySet[Technique], number: str | None, size: int) -> Page[Row]:
    """A page of the techniques found; a strange number gives the first or the last page."""
    plain = found.select_related(None).prefetch_related(None).values_list("attack_id", "name", "parent__name")
    drawn = Paginator(plain, size).get_page(number)
    return Page(_rows(drawn.object_list), drawn.number, cast(Any, drawn.paginator))


def _rows(found: Iterable[tuple[str, str, str | None]]) -> list[Row]:
    kept = list(found)
    wanted = [attack_id for attack_id, _, _ in kept]
    techniques = Technique.objects.filter(attack_id__in=wanted)
    tactics = _joined(techniques.order_by("tactics__position").values_list("attack_id", "tactics__name"))
    platforms = _joined(techniques.order_by("platforms__name").values_list("attack_id", "platforms__name"))
    return [
        Row(attack_id, name, parent or "", tactics[attack_id], platforms[attack_id]) for attack_id, name, parent in kept
    ]


def _joined(pairs: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    names: dict[str, list[str]] = defaultdict(list)
    for attack_id, name in pairs:
        names[attack_id] += [name] if name else []
    return {attack_id: ", ".join(found) for attack_id, found in names.items()}
