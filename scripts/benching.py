"""What the benchmarks share: the studio in this process on a database of its own, times, a line for each promise."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).resolve().parent.parent


class Somebody(NamedTuple):
    """An author who is signed in, and their team."""

    client: Client
    person: Any
    team: Any

    def get(self, address: str, query: dict[str, str] | None = None) -> Any:
        """The answer to a GET; ends the benchmark where it is not a page."""
        return answered(self.client.get(address, query), address)

    def post(self, address: str, data: dict[str, object], **more: Any) -> Any:
        """The answer to a POST, likewise."""
        return answered(self.client.post(address, data, **more), address)


@contextmanager
def studio(*, own_database: bool = True, **settings: str) -> Iterator[Path]:
    """Set Django up with an empty database: SQLite in a temporary directory, or what DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="mews-bench-") as folder:
        os.environ.update(VAR_DIR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="studio.settings", **settings)
        if own_database:
            os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        warnings.filterwarnings("ignore", message="No directory at")  # nobody asks for style sheets here
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        yield Path(folder)


def author(team: str = "Bench") -> Somebody:
    """A new team with an author."""
    from django.test import Client

    from studio.accounts.models import Membership, User
    from studio.accounts.roles import Role
    from studio.accounts.services import create_team

    made = create_team(team)
    person = User.objects.create_user(f"{team.lower()}@bench.example", "Bo Bench", "a perch above the river")
    Membership.objects.create(user=person, team=made, role=Role.AUTHOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return Somebody(client, person, made)


def answered(answer: Any, address: str) -> Any:
    """The answer, where it is a page."""
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}: {answer.content[:300]!r}")
    return answer


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, in seconds of the wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def times(
    act: Callable[[int], object], rounds: int, *, warm: int = 1, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each round, in order of length; `act` gets the number of the round. The first do not count."""
    took = []
    for number in range(warm + rounds):
        began = clock()
        act(number)
        took.append(1000 * (clock() - began))
    return sorted(took[warm:])


def slow_end(took: list[float]) -> float:
    """The 95th percentile."""
    return took[min(len(took) - 1, int(len(took) * 0.95))]


def kept(what: str, took: list[float], limit: float, *, slowest: bool = False) -> bool:
    """Print a line, and tell whether the promise is kept: on the median, or on the 95th percentile."""
    median, high = statistics.median(took), slow_end(took)
    good = (high if slowest else median) <= limit
    promised = f"{'p95' if slowest else 'median'} at most {limit:,.0f} ms"
    shown = f"{'ok  ' if good else 'SLOW'} {what:56} median {median:8.1f} ms   p95 {high:8.1f} ms"
    print(f"{shown}   promised {promised}", flush=True)
    return good


def reached(what: str, figure: float, limit: float, unit: str, *, more: bool = False) -> bool:
    """The same for one figure, which may be at most `limit`, or with `more` at least."""
    good = figure >= limit if more else figure <= limit
    shown = f"{figure:,.0f}" if figure > 100 else f"{figure:.2f}"
    promised = f"{'at least' if more else 'at most'} {limit:,.0f}"
    print(f"{'ok  ' if good else 'SLOW'} {what:56} {shown:>10} {unit}   promised {promised}", flush=True)
    return good
