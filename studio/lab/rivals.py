"""What stands against what: the team's rules, single ones of them, behaviours as rules, and pasted ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team, User
from studio.behaviours import queries as library
from studio.behaviours.own import queries as own
from studio.behaviours.records import Behaviour
from studio.lab import rule_text
from studio.lab.bringing import known as brought
from studio.lab.contest import ORDERS
from studio.lab.known_rules import APPROVED, KnownRule

#: Which rules and which events can be asked for, in words.
CHOSEN = "chosen"
RULES = {"approved": "Approved rules", "all": "Approved rules and drafts", CHOSEN: "Only those chosen below"}
EVENTS = {"attacks": "Attack events of the library", "life": "A day of ordinary life", "kept": "Events kept with rules"}
#: Words that name behaviours, and behaviours that join at most.
MOST_WORDS, MOST_BEHAVIOURS = 20, 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for, each by its default where nothing known is said.

    rule: the key of the one to look at closely; picks: keys of chosen rules; behaviours: techniques and ids of
    behaviours; text: pasted rules.
    """

    rule: str
    which: str
    events: str
    order: str
    picks: tuple[str, ...]
    behaviours: str
    text: str

    @classmethod
    def of(cls, data: QueryDict) -> Asked:
        """From an address or a form."""
        which, events, order = (data.get(name, "") for name in ("which", "events", "order"))
        return cls(
            data.get("rule", "")[:100],
            which if which in RULES else "approved",
            events if events in EVENTS else "attacks",
            order if order in ORDERS else "name",
            tuple(one[:100] for one in data.getlist("pick")),
            data.get("behaviours", "")[:500],
            data.get("text", ""),
        )

    @property
    def words(self) -> list[str]:
        """The techniques and ids of behaviours."""
        return self.behaviours.replace(",", " ").split()[:MOST_WORDS]


def of_team(known: Sequence[KnownRule], asked: Asked) -> list[KnownRule]:
    """The team's rules that were asked for. A draft stands for itself and not beside what was approved of it."""
    focus = next((one for one in known if one.key == asked.rule), None)
    if asked.which == CHOSEN:
        return [one for one in known if one is focus or one.key in asked.picks]
    found = [one for one in known if asked.which == "all" or one.kind == APPROVED or one is focus]
    if focus:
        return [one for one in found if one is focus or one.samples is None or one.samples != focus.samples]
    if asked.which == "all":
        approved = {one.samples for one in found if one.kind == APPROVED}
        return [one for one in found if one.kind == APPROVED or one.samples not in approved]
    return found


def behaviours(team: Team, person: User, words: Sequence[str]) -> tuple[list[KnownRule], list[str]]:
    """Each behaviour that a word names, by its id or its technique, as a rule; and the words that name none."""
    found: dict[str, Behaviour] = {}
    unknown = []
    for word in words:
        named = _named(team, person, word)
        found.update((one.id, one) for one in named)
        unknown += [] if named else [word]
    return [_rule(one) for one in list(found.values())[:MOST_BEHAVIOURS]], unknown


def pasted(team: Team, text: str) -> list[KnownRule]:
    """The rules of a pasted text, with the macros and lists of the team that they name. Raises RuleTextError."""
    if len(text) > rule_text.LONGEST:
        raise rule_text.RuleTextError(f"The text is longer than {rule_text.LONGEST:,} characters.")
    return brought(team, rule_text.known(rule_text.read_rules(text))) if text.strip() else []


def _named(team: Team, person: User, word: str) -> list[Behaviour]:
    try:
        return [library.get(word.lower())]
    except KeyError:
        technique = word.upper()
        return [*library.for_techniques([technique]), *own.for_techniques(team, person, [technique])]


def _rule(one: Behaviour) -> KnownRule:
    page = ("behaviours:own", one.id.removeprefix("own-")) if one.owner else ("behaviours:detail", one.id)
    rule = Rule(one.title, one.clause(), rule_text.OUTPUT, "", str(one.priority))
    return KnownRule(f"behaviour-{one.id}", one.title, "Behaviour", rule, reverse(page[0], args=[page[1]]))
