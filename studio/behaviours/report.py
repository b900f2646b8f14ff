"""docs/behaviours.md: what the library covers, what is open, how noisy it is, whose clauses fire on whose events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from studio.behaviours import known, queries, scope
from studio.behaviours.records import Behaviour, Noise

_TACTICS = (
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "defense-evasion",
    "credential-access",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
    "impact",
)


#: What a behaviour watches: starts of programs, or, where none of its attacks is one, what else it sees.
WATCHES = ("programs", "files", "network", "other calls")


def watches(behaviour: Behaviour) -> str:
    """One of WATCHES."""
    kinds = {str(event.fields["evt.category"]) for event in behaviour.attack_events}
    if "process" in kinds:
        return "programs"
    return "network" if "net" in kinds else "files" if "file" in kinds else "other calls"


def page() -> str:
    """The whole page, the same for the same library."""
    accounts = scope.accounts()
    return "\n".join(
        [
            "# The behaviour library in numbers",
            "",
            "Written by `make behaviours-report` from `studio/behaviours/library/`; run it after a change there.",
            "How a behaviour is written: [behaviour-format.md](behaviour-format.md).",
            "",
            *_summary(accounts),
            *_by_tactic(accounts),
            *_noise(),
            *_confusion(),
            *_open(accounts),
            *_techniques(accounts),
            *_reasons(accounts),
        ]
    )


def _summary(accounts: Sequence[scope.Account]) -> list[str]:
    behaviours = queries.all()
    seen = [account for account in accounts if account.own]
    rows = [
        ("behaviours", len(behaviours)),
        ("techniques and sub-techniques in scope (Linux and containers, ATT&CK 18.1)", len(accounts)),
        ("of them with behaviours of their own", len(seen)),
        ("seen through their sub-techniques", sum(not a.own and bool(a.below) for a in accounts)),
        ("with a reason why system calls can't show them", sum(bool(a.reason) for a in accounts)),
        ("open", sum(a.is_open for a in accounts)),
        ("attack events", sum(len(b.attack_events) for b in behaviours)),
        ("benign events", sum(len(b.benign_events) for b in behaviours)),
        ("look-alikes with an exception", sum(bool(look.exception) for b in behaviours for look in b.look_alikes)),
        ("events of ordinary life", len(queries.baseline())),
        *((f"behaviours that watch {kind}", count) for kind, count in _watched()),
    ]
    return [*_table(("what", "number"), rows), ""]


def _watched() -> list[tuple[str, int]]:
    counts = Counter(map(watches, queries.all()))
    return [(kind, counts[kind]) for kind in WATCHES]


def _by_tactic(accounts: Sequence[scope.Account]) -> list[str]:
    rows = []
    for tactic in _TACTICS:
        inside = [a for a in accounts if tactic in a.tactics]
        ids = {a.id for a in inside}
        ours = [b for b in queries.all() if any(t in ids for t in b.techniques)]
        by = Counter(map(watches, ours))
        seen = sum(bool(a.own or a.below) for a in inside)
        gaps = (sum(bool(a.reason) for a in inside), sum(a.is_open for a in inside))
        rows.append((tactic, len(inside), seen, *gaps, len(ours), *(by[kind] for kind in WATCHES)))
    heads = ("tactic", "techniques", "seen", "reason given", "open", "behaviours", *WATCHES)
    return ["## By tactic", "", *_table(heads, rows), ""]


def _noise() -> list[str]:
    baseline = queries.baseline()
    firings = dict(zip(queries.all(), known.firings(baseline), strict=True))
    levels = Counter(b.noise for b in queries.all())
    rows = [
        (
            level,
            levels[level],
            level.ceiling,
            max((_rate(len(n), baseline) for b, n in firings.items() if b.noise == level), default=0.0),
        )
        for level in Noise
    ]
    loud = sorted(((len(n), b) for b, n in firings.items() if n), key=lambda pair: (-pair[0], pair[1].id))
    return [
        "## Noise on ordinary life",
        "",
        "Alerts per thousand events of the baseline: what a level allows, and the most that a behaviour of it raises.",
        "",
        *_table(("level", "behaviours", "allowed", "measured"), rows),
        "",
        *_table(("behaviour", "events raised"), [(f"`{b.id}`", count) for count, b in loud]),
        "",
    ]


def _rate(count: int, events: Sequence[object]) -> float:
    return round(count * 1000 / len(events), 1)


def _confusion() -> list[str]:
    """Behaviours whose clauses also fire on another's attack events, those that overlap most first."""
    events = [(b, event) for b in queries.all() for event in b.attack_events]
    pairs: Counter[tuple[str, str]] = Counter()
    for catcher, numbers in zip(queries.all(), known.firings([event for _, event in events]), strict=True):
        pairs.update((catcher.id, events[n][0].id) for n in numbers if events[n][0] is not catcher)
    catches: dict[str, list[str]] = {}
    for (catcher_id, owner), count in sorted(pairs.items()):
        catches.setdefault(catcher_id, []).append(f"`{owner}` {count}")
    rows = [(f"`{catcher}`", len(owners), ", ".join(owners)) for catcher, owners in catches.items()]
    rows.sort(key=lambda row: (-row[1], row[0]))
    return [
        "## Whose clauses fire on whose attack events",
        "",
        "A row: the clause of this behaviour also fires on attack events of these others (with the number of events).",
        "",
        *_table(("clause of", "others", "fires on the events of"), rows),
        "",
    ]


def _open(accounts: Iterable[scope.Account]) -> list[str]:
    rows = [(a.id, a.name, ", ".join(a.tactics)) for a in accounts if a.is_open]
    body = (
        _table(("technique", "name", "tactics"), rows) if rows else ["None: every technique in scope is accounted for."]
    )
    return ["## Open", "", *body, ""]


def _techniques(accounts: Iterable[scope.Account]) -> list[str]:
    rows = [(a.id, a.name, a.own, a.below or "") for a in accounts if a.own or a.below]
    return ["## Behaviours by technique", "", *_table(("technique", "name", "own", "through sub-techniques"), rows), ""]


def _reasons(accounts: Iterable[scope.Account]) -> list[str]:
    rows = [(a.id, a.name, a.reason) for a in accounts if a.reason]
    return ["## What system calls can't show", "", *_table(("technique", "name", "why, and who can"), rows), ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    return [*lines, *(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows)]
