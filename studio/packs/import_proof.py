"""The proof that rules come out of Mews as they went in: import, review, approval and release of whole rules files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rules_export.compare.expansion import Difference, differences
from rules_export.write.bundle import FILE_NAME
from studio.accounts.models import Membership, Team, User
from studio.accounts.roles import Role
from studio.authoring.models import Draft
from studio.library import import_jobs, import_services
from studio.library.import_items import clean
from studio.library.importing import ADD, Placing, load
from studio.packs import pack_services, release_services, store
from studio.packs.models import Pack, Release
from studio.review import decisions
from studio.review import services as review
from studio.review.services import NotReadyError

#: Hears what is done now.
Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that did not get through, and why."""

    rule: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the files. text: the released rules file, "" where nothing was released."""

    rules: int
    text: str
    refused: tuple[Refusal, ...]
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule came out as it went in."""
        return not self.refused and not self.differences

    @property
    def changed(self) -> frozenset[str]:
        """The names of the rules that did not."""
        return frozenset(one.rule for one in self.refused) | frozenset(one.rule for one in self.differences)


def prove(files: Sequence[tuple[str, str]], tell: Tell = lambda stage: None) -> Proof:
    """Take the files all the way, in a database that holds nothing else, by the services that the pages use.

    Raises UnreadableError for files that cannot be imported.
    """
    team = Team.objects.create(name="Proof", slug="proof")
    author, reviewer, maintainer = (_person(team, role) for role in (Role.AUTHOR, Role.REVIEWER, Role.MAINTAINER))
    tell("Importing")
    placing = Placing(title="Proof")
    rules_file = import_jobs.start(team, author, "proof.yaml", files, placing, send=False)
    asked = {clean(f"rule:{rule.name}"): ADD for rule in load(files).rules.rules}
    import_services.carry_out(rules_file.pk, team, author, asked, placing)
    drafts = list(Draft.objects.filter(team=team).order_by("pk"))
    refused = []
    for number, draft in enumerate(drafts, 1):
        tell(f"Submitting and approving rule {number} of {len(drafts)}")
        try:
            revision = review.hand_in(draft.pk, team, author, draft.version)
            decisions.approve(revision.pk, team, reviewer, revision.content_hash)
        except NotReadyError as error:
            refused.append(Refusal(_name(draft), tuple(error.reasons)))
    gone = {refusal.rule for refusal in refused}
    approved = [draft for draft in drafts if _name(draft) not in gone]
    tell("Releasing")
    text, trouble = _released(team, maintainer, approved) if approved else ("", ())
    refused += [Refusal(rule or "The pack", (reason,)) for rule, reason in trouble]
    changes = differences(files, [(FILE_NAME, text)]) if text else []
    changes = [one for one in changes if not (one.part == "missing" and one.rule in gone)]
    return Proof(len(drafts), text, tuple(refused), tuple(changes))


def _released(team: Team, maintainer: User, drafts: Sequence[Draft]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The released rules file, or "" and why there is none: (rule or "", reason)."""
    pack = pack_services.create(
        team, maintainer, name="proof", title="Proof", description="", mode=Pack.Mode.STANDALONE
    )
    pack_services.add(pack, maintainer, [draft.pk for draft in drafts])
    for place, draft in enumerate(drafts):
        pack.members.filter(draft=draft).update(position=place)
    pack.refresh_from_db()
    release = release_services.start(pack, maintainer, pack.version, "1.0.0", "", send=False)
    release = release_services.carry_out(release)
    if release.state != Release.State.DONE:
        reasons = tuple((one["rule"], one["message"]) for one in release.findings)
        return "", reasons or (("", release.trouble or "The release was refused."),)
    return store.get(release.files[FILE_NAME]["sha256"]).decode("utf-8"), ()


def _person(team: Team, role: Role) -> User:
    user = User.objects.create_user(f"{role.value}@proof.invalid", role.label)
    Membership.objects.create(user=user, team=team, role=role)
    return user


def _name(draft: Draft) -> str:
    return str(draft.content.get("name", ""))
