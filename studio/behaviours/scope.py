"""Which techniques the library has to account for: those of Linux and containers in ATT&CK 18.1 (data/scope.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from studio.behaviours import export, queries

SCOPE = Path(__file__).parent / "data" / "scope.csv"


@dataclass(frozen=True, slots=True)
class Account:
    """How one technique is accounted for. `own`: behaviours filed under or serving it; `below`: those of its
    sub-techniques only; `reason`: why it can't be seen, empty where it has behaviours or is simply open."""

    id: str
    name: str
    tactics: tuple[str, ...]
    own: int
    below: int
    reason: str

    @property
    def is_open(self) -> bool:
        """Neither a behaviour nor a reason."""
        return not (self.own or self.below or self.reason)


@lru_cache(maxsize=1)
def techniques() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Identifier, name and tactics of every technique in scope, in ATT&CK's order."""
    with SCOPE.open(encoding="utf-8", newline="") as file:
        return tuple((row["id"], row["name"], tuple(row["tactics"].split("|"))) for row in csv.DictReader(file))


def accounts() -> list[Account]:
    """Every technique in scope with how it is accounted for."""
    return [_account(*technique) for technique in techniques()]


def _account(attack_id: str, name: str, tactics: tuple[str, ...]) -> Account:
    found = queries.for_techniques([attack_id])
    below = sum(bool(queries.inherited_from(behaviour, [attack_id])) for behaviour in found)
    reason = "" if found else export.unobservable().get(attack_id, "")
    return Account(attack_id, name, tactics, len(found) - below, below, reason)
