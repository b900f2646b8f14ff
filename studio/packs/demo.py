"""What the demo shows of this room: two approved rules, a pack of them, its first release, made by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.accounts.models import Team, User
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.content import ExceptionTable
from studio.authoring.models import Draft
from studio.behaviours import queries as behaviours
from studio.packs import pack_services, release_services
from studio.packs.models import Pack
from studio.review import decisions, spots, talk
from studio.review import services as review

NAME = "demo-hosts"
#: Technique, name of the rule, description, tags, behaviours.
RULES = (
    (
        "T1070.002",
        "Clear system logs",
        "Somebody empties or deletes the logs of the system, to hide what went on.",
        ("maturity_sandbox", "host", "container", "process", "mitre_defense_evasion", "T1070.002"),
        ("t1070-002-clear-logs", "t1070-002-journal-vacuum", "t1070-002-kernel-ring-clear"),
    ),
    (
        "T1053.003",
        "Install a job of cron",
        "Somebody writes a job for cron, which then runs again and again, also after a restart.",
        ("maturity_sandbox", "host", "container", "process", "mitre_persistence", "T1053.003"),
        ("t1053-003-crontab-edit", "t1053-003-cron-files"),
    ),
)
SHORTER = "Install a job of cron | user=%user.name process=%proc.name command=%proc.cmdline"
OUTPUT = "{} | user=%user.name user_uid=%user.uid process=%proc.name parent=%proc.pname command=%proc.cmdline"


def load(team: Team, people: Mapping[str, User]) -> None:
    """Add the rules, the pack and its release, unless the team has a pack already."""
    if Pack.objects.filter(team=team).exists():
        return
    drafts = [_approved(team, people, *rule) for rule in RULES]
    maintainer = people["maintainer"]
    about = "Rules of the demo for hosts with Linux: a first pack to look at, compare and install."
    pack = pack_services.create(team, maintainer, name=NAME, title="Demo: hosts", description=about, target="0.42")
    pack_services.add(pack, maintainer, [one.pk for one in drafts])
    release_services.start(pack, maintainer, pack.version, "1.0.0", "- The first two rules.")
    _in_review(team, people, drafts[-1])


def _in_review(team: Team, people: Mapping[str, User], draft: Draft) -> None:
    """The rule's next revision waits for a reviewer, who asks about it and suggests a shorter output."""
    author, reviewer = people["author"], people["reviewer"]
    managed = ExceptionTable(
        "configuration_management", ("proc.pname",), ("in",), (("ansible",), ("puppet",)),
        owner="Platform team", reason="They lay out cron jobs on every host.",
    )  # fmt: skip
    changes = (edits.set_tables([*draft.rule_content().exceptions, managed]), edits.set_output(SHORTER))
    for change in changes:
        draft = authoring.edit(draft.pk, authoring.Seen(author, team, draft.version), change)
    revision = review.hand_in(
        draft.pk, team, author, draft.version, "Quiet on hosts that Ansible or Puppet look after."
    )
    first = revision.rule_content()
    row = spots.rows_of(len(first.exceptions) - 1, first.exceptions[-1])[0]
    talk.begin(
        revision.pk, team, reviewer, talk.Place(spots.ROW, None, row.key), "Is `ansible` ever the parent's name?"
    )
    talk.begin(
        revision.pk,
        team,
        reviewer,
        talk.Place("output"),
        "Keep the parent: it tells who did it.",
        OUTPUT.format(draft.title),
    )


def _approved(
    team: Team, people: Mapping[str, User], technique: str, title: str, desc: str, tags: tuple[str, ...],
    chosen: Sequence[str],
) -> Draft:  # fmt: skip
    """A rule that went all the way: written whole (the catalogue of ATT&CK may be missing), handed in, approved."""
    author = people["author"]
    draft = authoring.create(team, author, (technique,), title)
    picked = [behaviours.get(one) for one in chosen]
    changes = [
        *(edits.choose_behaviour(one.id, one.title, {}, one.clause({})) for one in picked),
        edits.set_output(OUTPUT.format(title)),
        edits.set_details(title, desc, "WARNING", True, tags),
    ]
    for change in changes:
        draft = authoring.edit(draft.pk, authoring.Seen(author, team, draft.version), change)
    revision = review.hand_in(draft.pk, team, author, draft.version, "Ready for the first pack.")
    decisions.approve(revision.pk, team, people["reviewer"], revision.content_hash)
    return draft
