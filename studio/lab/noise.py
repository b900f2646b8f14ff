"""Who makes a rule fire on ordinary life: processes with their parents, by how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from studio.lab.results import Outcome


@dataclass(frozen=True, slots=True)
class Culprit:
    """A process with its parent, where it runs, and how many events of ordinary life it raises; one as an example."""

    process: str
    parent: str
    place: str
    count: int
    example: Outcome


def culprits(loud: Sequence[Outcome]) -> tuple[Culprit, ...]:
    """The loud events by process, parent and image, the loudest first."""
    groups: dict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
    for one in loud:
        fields = one.sample.fields
        image = fields.get("container.image.repository") or ""
        groups[str(fields.get("proc.name") or ""), str(fields.get("proc.pname") or ""), str(image)].append(one)
    found = [Culprit(*key, len(ones), next((one for one in ones if one.text), ones[0])) for key, ones in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.process, one.parent)))
