"""The drafts that use a team's own macros and lists, for the room that keeps those."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Q
from django.urls import reverse

from studio.accounts.models import Team
from studio.authoring import samples
from studio.authoring.content import RuleContent, from_json, needing, to_rule
from studio.authoring.models import Draft
from studio.definitions import queries as definitions
from studio.definitions.uses import Use
from studio.definitions.values import Own
from studio.lab.results import Sample

#: Names by which the database looks for drafts; for more it hands over all of them.
MOST_ASKED = 40


def uses(team: Team, names: frozenset[str]) -> Iterator[Use]:
    """Drafts that need one of these names, directly or by what they name; a name that nobody defines yet counts too."""
    own = definitions.own(team.pk)
    wanted = names | {above for name in names for above in own.dependents(name)}
    found = Draft.objects.filter(team=team, deleted_at=None).order_by("title", "pk")
    if len(wanted) <= MOST_ASKED:
        asked = Q()
        for name in wanted:
            asked |= Q(content__condition__icontains=name) | Q(content__exceptions__icontains=name)
        found = found.filter(asked)
    for draft in found.only("pk", "title", "content", "samples", "team").iterator(chunk_size=200):
        content = from_json(draft.content)
        imported = own.rule_sets[content.rule_set].terms if content.rule_set in own.rule_sets else {}
        needed = frozenset(one.name for one in needing(content, own).definitions) | _named(
            content, names - own.terms.keys()
        )
        if (needed - imported.keys()) & names:
            yield _use(draft, content, own, needed)


def rule_set_uses(team: Team, slug: str) -> Iterator[Use]:
    """Drafts that belong to the rule set."""
    own = definitions.own(team.pk)
    found = Draft.objects.filter(team=team, deleted_at=None, content__rule_set=slug).order_by("title", "pk")
    for draft in found.only("pk", "title", "content", "samples", "team").iterator(chunk_size=200):
        content = from_json(draft.content)
        yield _use(draft, content, own, frozenset(one.name for one in needing(content, own).definitions))


def _use(draft: Draft, content: RuleContent, own: Own, names: frozenset[str]) -> Use:
    url = reverse("authoring:step", args=[draft.pk, "condition"])
    trial = partial(tried_on, content, draft.samples_id)
    return Use("Draft", draft.display_title, url, to_rule(needing(content, own)), False, names, trial)


def tried_on(content: RuleContent, sample_set: int) -> tuple[Sample, ...]:
    """The events that tell what a change does: of the behaviours, kept with the rule, of ordinary life."""
    known = (*samples.of_behaviours(content), *samples.kept(content, sample_set), *samples.baseline())
    return tuple({one.key: one for one in known}.values())


def _named(content: RuleContent, unknown: frozenset[str]) -> frozenset[str]:
    """Which of the names that nobody defines stand in the rule as words."""
    if not unknown:
        return frozenset()
    cells = [cell for table in content.exceptions for row in table.rows for cell in row]
    return definitions.words_in([content.condition, *cells]) & unknown
