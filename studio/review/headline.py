"""What changed, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules_export.compare.difference import Effect
from studio.authoring.content import RuleContent
from studio.review.behaviour import Behaviour
from studio.review.meaning import changes_between
from studio.review.models import Revision


def headline(old: RuleContent | None, revision: Revision, behaviour: Behaviour) -> str:
    """One sentence: the events first, then exceptions, priority and what else changed."""
    if old is None:
        numbers = revision.summary
        return (
            f"New: fires on {numbers.get('fired', 0)} of {numbers.get('attacks', 0)} attack events, "
            f"on {numbers.get('noise', 0)} of {numbers.get('benign', 0)} benign ones."
        )
    said = [*_events(behaviour), *_content(old, revision.rule_content())]
    if not said:
        return "Nothing changed in what it means."
    line = "; ".join(said)
    return f"{line[0].upper()}{line[1:]}."


def _events(behaviour: Behaviour) -> Iterator[str]:
    told = (
        ("caught", "catches {} more attack event{}"),
        ("lost", "loses {} attack event{}"),
        ("noisy", "fires on {} more benign event{}"),
        ("silenced", "silences {} benign event{}"),
        ("louder", "fires on {} more event{} of ordinary life"),
        ("quieter", "silences {} event{} of ordinary life"),
    )
    for slug, words in told:
        if count := behaviour.count(slug):
            yield words.format(count, "" if count == 1 else "s")
    if not behaviour.total:
        yield "the same events as before"


def _content(old: RuleContent, new: RuleContent) -> Iterator[str]:
    before, after = ({table.name for table in one.exceptions} for one in (old, new))
    for sign, count in (("+", len(after - before)), ("−", len(before - after))):
        if count:
            yield f"{sign}{count} exception{'' if count == 1 else 's'}"
    if old.priority != new.priority:
        yield f"priority {old.priority.lower()} → {new.priority.lower()}"
    changes = changes_between(old, new)
    places = {change.place for change in changes} - {"priority"}
    if len(before ^ after):
        places.discard("exceptions")
    titles = {"desc": "description"}
    if "condition" in places and (how := _breadth(one.effect for one in changes if one.place == "condition")):
        places.discard("condition")
        yield how
    if old.techniques != new.techniques:
        yield "techniques changed"
    rest = [
        titles.get(one, one) for one in ("name", "condition", "exceptions", "output", "desc", "tags") if one in places
    ]
    if rest:
        yield f"{', '.join(rest)} changed"


def _breadth(effects: Iterable[Effect]) -> str:
    """How the condition changed where all of its changes point one way."""
    known = set(effects) - {Effect.SAME}
    words = {Effect.MORE: "condition widened", Effect.FEWER: "condition narrowed"}
    return words.get(known.pop(), "") if len(known) == 1 else "" if known else "condition written otherwise"
