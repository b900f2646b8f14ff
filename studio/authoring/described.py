"""What was pasted, line by line: what a rule can take of each line, and what it takes where nobody chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from studio.authoring import clauses, facts
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, add_clause, add_technique, choose_behaviour
from studio.behaviours import describe, known
from studio.behaviours import queries as library
from studio.behaviours.proposals import Description, Proposal
from studio.behaviours.records import Behaviour, SampleEvent

#: Before the id of a behaviour, and before a clause, in what a form posts as taken.
BEHAVIOUR, CLAUSE = "behaviour:", "clause:"
#: Characters of a clause, and clauses of one paste.
LONGEST, MOST = 4000, 200


@dataclass(frozen=True, slots=True)
class Offer:
    """One clause for a line. taken: what a form begins with; present: the rule has it already."""

    proposal: Proposal
    technique: str = ""
    taken: bool = False
    present: bool = False

    @property
    def key(self) -> str:
        """How a form posts it."""
        return f"{BEHAVIOUR}{self.proposal.behaviour}" if self.proposal.behaviour else f"{CLAUSE}{self.proposal.clause}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text. covered: the title of what another line takes, or the rule has, that catches this one too."""

    text: str
    offers: tuple[Offer, ...]
    covered: str = ""

    @property
    def first(self) -> Offer:
        """What to see before the others: what is taken, else the first."""
        return next((one for one in self.offers if one.taken), self.offers[0])

    @property
    def others(self) -> tuple[Offer, ...]:
        return tuple(one for one in self.offers if one is not self.first)


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines that offer something, and in words what could not be read."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...]

    @property
    def taken(self) -> list[Offer]:
        """What is taken where nobody chooses."""
        return [one for line in self.lines for one in line.offers if one.taken]


def read(text: str, content: RuleContent) -> Reading:
    """One clause of each line is taken: the library's where it is filed under a technique of the rule, else the line's
    own. A rule without a technique is read as one about the technique that most lines are known for."""
    found = describe.read(text)
    lines = list(_by_line(found, text))
    fitting = {one.id for one in library.for_techniques(content.techniques or _commonest(p for _, p in lines))}
    has = {one.id: one for one in facts.chosen_behaviours(content)}
    return Reading(tuple(_line(words, proposals, content, fitting, has) for words, proposals in lines), found.unread)


def take(behaviours: Sequence[Behaviour], own: Sequence[str]) -> Edit:
    """Choose these behaviours and add these clauses; a rule without a technique gets the commonest of theirs."""
    changes = [choose_behaviour(one.id, one.title, {}, one.clause()) for one in behaviours]
    changes += [add_clause(one, "from a paste") for one in own]
    counted = Counter(one.primary_technique for one in behaviours)
    technique = facts.usable([counted.most_common(1)[0][0]]) if counted else ()

    def apply(content: RuleContent) -> RuleContent:
        first = [add_technique(one) for one in technique if not content.techniques]
        for change in [*first, *changes]:
            content = change.apply(content)
        return content

    many = len(changes)
    return Edit(f"Add {many} clause{'' if many == 1 else 's'} of what was pasted", apply)


def events(text: str, own: Collection[str]) -> list[SampleEvent]:
    """The events that these clauses were made from, so that one can see them fire."""
    return [one.event for one in describe.read(text).proposals if not one.behaviour and one.clause in own]


def _by_line(found: Description, text: str) -> Iterator[tuple[str, list[Proposal]]]:
    words = text.split("\n")
    for number in dict.fromkeys(one.line for one in found.proposals):
        yield words[number - 1].strip()[:300], [one for one in found.proposals if one.line == number]


def _commonest(lines: Iterable[Sequence[Proposal]]) -> tuple[str, ...]:
    """The technique that most lines are known for."""
    votes = Counter(
        technique for line in lines for technique in {one.primary_technique for one in _known(line)}
    ).most_common(1)
    return (votes[0][0],) if votes else ()


def _known(proposals: Sequence[Proposal]) -> list[Behaviour]:
    """Every behaviour of the library that matches an event of the line."""
    seen = {one.event.name: one.event for one in proposals}.values()
    return list({found.id: found for event in seen for found in known.behaviours_for(event)}.values())


def _line(
    words: str, proposals: list[Proposal], content: RuleContent, fitting: set[str], has: dict[str, Behaviour]
) -> Line:
    """A line's offers; `has` learns what it takes, so that later lines of the same kind take nothing twice."""
    matching = _known(proposals)
    covering = next((has[one.id] for one in matching if one.id in has), None)
    offered = {one.behaviour for one in proposals}
    more = [
        known.proposal(one, proposals[0].event, proposals[0].line)
        for one in matching
        if one.id in fitting and one.id not in offered
    ]
    offers = [_offer(one, content) for one in [*more, *proposals]]
    best = None if covering else _best(offers, fitting, anything=not content.techniques)
    if best is not None and (behaviour := facts.behaviour(best.proposal.behaviour)):
        has[behaviour.id] = behaviour
    taken = tuple(replace(one, taken=one is best and not one.present) for one in offers)
    return Line(words, taken, covering.title if covering else "")


def _offer(proposal: Proposal, content: RuleContent) -> Offer:
    behaviour = facts.behaviour(proposal.behaviour) if proposal.behaviour else None
    present = clauses.holds(content.condition, proposal.clause)
    return Offer(proposal, behaviour.primary_technique if behaviour else "", present=present)


def _best(offers: Sequence[Offer], fitting: Collection[str], *, anything: bool) -> Offer:
    """anything: the library's clause is taken before the line's own, whatever it is filed under."""
    of_technique = (one for one in offers if one.proposal.behaviour in fitting)
    rest = (one for one in offers if bool(one.proposal.behaviour) == anything)
    return next(of_technique, None) or next(rest, None) or offers[0]
