"""The only door through which drafts are written: who may, in one transaction, against the version seen, journalled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import facts, queries, suggestions
from studio.authoring.content import RuleContent, as_kept, from_json, shortened, to_json
from studio.authoring.edits import Edit, RefusedEditError, add_technique, set_details
from studio.authoring.merging import Versions
from studio.authoring.models import HISTORY, VERSIONS, Draft, DraftSnapshot, DraftVersion, DraftWriter
from studio.authoring.steps import missing
from studio.behaviours.own import queries as own
from studio.failures import optional_write
from studio.lab import services as lab

#: Changes of one field that follow each other within this time are one step of undo.
MERGE = timedelta(seconds=3)


class StaleDraftError(Exception):
    """Somebody wrote in between; `versions` holds theirs, mine and what both began from. `mergeable`: whether the
    refused change can be made of another content, which an undo cannot."""

    def __init__(self, draft: Draft, versions: Versions, *, mergeable: bool = True) -> None:
        super().__init__("The draft was changed in the meantime.")
        self.draft = draft
        self.versions = versions
        self.mergeable = mergeable

    @property
    def theirs(self) -> RuleContent:
        """The content as it is now."""
        return self.versions.theirs

    @property
    def mine(self) -> RuleContent:
        """What the refused change makes of the version that was seen."""
        return self.versions.mine


class NothingToUndoError(Exception):
    """There is no earlier (or later) snapshot to go to."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who writes, for which team, and the version of the draft they had before them."""

    by: User
    team: Team
    version: int


@transaction.atomic
def create(
    team: Team, by: User, techniques: tuple[str, ...] = (), title: str = "", first: Sequence[Edit] = ()
) -> Draft:
    """A new draft, with techniques, a name and `first` changes where they are known already."""
    require(by, team, "author")
    content = RuleContent()
    for technique in techniques:
        content = add_technique(technique).apply(content)
    if title.strip():
        content = set_details(title.strip(), "", content.priority, True, ()).apply(content)
    for change in first:
        content = change.apply(content)
    _refuse_new_behaviours(RuleContent(), content, team, by)
    return _begin(team, by, _filled(content), "Create the draft", "draft.created")


@transaction.atomic
def duplicate(draft: Draft, team: Team, by: User) -> Draft:
    """A copy with a name of its own and with the sample events."""
    require(by, team, "author")
    content = draft.rule_content()
    data = to_json(content) | {"name": f"Copy of {content.name or 'a rule'}"}
    data["touched"] = sorted({*data["touched"], "name"})
    copy = _begin(team, by, from_json(data), f"Copy draft {draft.pk}", "draft.duplicated", draft)
    lab.copy_samples(draft.samples, copy.samples)
    return copy


@transaction.atomic
def begin_with(team: Team, by: User, content: RuleContent, label: str, copied_from: Draft | None = None) -> Draft:
    """A new draft with this content as it is; `label` says in its history where it comes from."""
    require(by, team, "author")
    return _begin(team, by, content, label[:120], "draft.created", copied_from)


@transaction.atomic
def edit(draft_id: int, seen: Seen, change: Edit) -> Draft:
    """Apply `change` and save it at once. Raises StaleDraftError where the draft has left the version that was seen."""
    draft = _locked(draft_id, seen)
    if draft.version != seen.version:
        raise _stale(draft, seen, change)
    before = draft.rule_content()
    after = change.apply(before)
    after = _filled(after)
    if after == before:
        return draft
    _refuse_new_behaviours(before, after, seen.team, seen.by)
    merged = _remember(draft, after, change, seen.by)
    _write(draft, after)
    _note_writer(draft, seen.by)
    if not merged:
        record(seen.by, seen.team, "draft.edited", draft, change=change.label, version=draft.version)
    return draft


@transaction.atomic
def merge(draft_id: int, now: Seen, seen: int, change: Edit, chosen: Mapping[str, str]) -> Draft:
    """A change that was refused as made at version `seen`, joined with version `now` as chosen part by part
    (merging.Versions.merge). Raises StaleDraftError where the draft has left `now` too."""
    draft = _locked(draft_id, now)
    then = Seen(now.by, now.team, seen)
    versions = _stale(draft, then, change).versions
    if draft.version != now.version:
        raise StaleDraftError(draft, versions)
    after = versions.merge(chosen)
    return edit(draft_id, now, Edit(f"Merge: {change.label}"[:120], lambda content: after))


@transaction.atomic
def step_in_history(draft_id: int, seen: Seen, *, forward: bool) -> Draft:
    """Undo (or redo) one change. Raises NothingToUndoError at the history's end, StaleDraftError when stale."""
    draft = _locked(draft_id, seen)
    target = _neighbour(draft, forward=forward)
    if target is None:
        raise NothingToUndoError
    content = from_json(target.content)
    if draft.version != seen.version:
        theirs = draft.rule_content()
        raise StaleDraftError(draft, Versions(None, theirs, content, content), mergeable=False)
    draft.position = target.number
    _write(draft, content)
    _note_writer(draft, seen.by, went_back=True)
    record(seen.by, seen.team, "draft.redone" if forward else "draft.undone", draft, version=draft.version)
    return draft


@transaction.atomic
def delete(draft_id: int, team: Team, by: User) -> Draft:
    """Put a draft away; `restore` brings it back."""
    require(by, team, "author")
    draft = Draft.objects.select_for_update().get(pk=draft_id, team=team, deleted_at=None)
    draft.deleted_at = timezone.now()
    draft.save(update_fields=["deleted_at"])
    record(by, team, "draft.deleted", draft)
    return draft


@transaction.atomic
def restore(draft_id: int, team: Team, by: User) -> Draft:
    """Bring a deleted draft back as it was."""
    require(by, team, "author")
    draft = Draft.objects.select_for_update().get(pk=draft_id, team=team, deleted_at__isnull=False)
    draft.deleted_at = None
    draft.save(update_fields=["deleted_at"])
    record(by, team, "draft.restored", draft)
    return draft


def note_review(draft: Draft, version: int | None) -> None:
    """Remember which version lies in review, or that none does; part of handing in, which is journalled there."""
    Draft.objects.filter(pk=draft.pk).update(handed_in=version)
    draft.handed_in = version


def visit(draft: Draft, step: str) -> None:
    """Remember where to resume. Looking is no change: version and journal stay as they are."""
    if draft.last_step != step:
        with optional_write("step visited"):
            Draft.objects.filter(pk=draft.pk).update(last_step=step)


def _begin(
    team: Team, by: User, content: RuleContent, label: str, verb: str, copied_from: Draft | None = None
) -> Draft:
    now = timezone.now()
    draft = Draft(team=team, author=by, samples=lab.new_set(team), updated=now, copied_from=copied_from)
    _mirror(draft, content)
    draft.save()
    DraftSnapshot.objects.create(draft=draft, number=1, content=draft.content, label=label, author=by, at=now)
    _keep_version(draft)
    _note_writer(draft, by)
    record(by, team, verb, draft)
    return draft


def _note_writer(draft: Draft, by: User, *, went_back: bool = False) -> None:
    """Remember that this person contributed to the draft. The draft's lock lets only one write at a time."""
    now = timezone.now()
    times = {"last_at": now, **({"went_back_at": now} if went_back else {})}
    if not DraftWriter.objects.filter(draft=draft, user=by).update(**times):
        DraftWriter.objects.create(draft=draft, user=by, first_at=now, **times)


def _refuse_new_behaviours(before: RuleContent, after: RuleContent, team: Team, by: User) -> None:
    """Raise RefusedEditError for a behaviour of the team that is new in the rule and that this person may not use."""
    had = {one.id for one in before.behaviours}
    for one in after.behaviours:
        if one.id not in had and own.is_reference(one.id) and own.may_use(team, by, one.id) is None:
            raise RefusedEditError(
                f"You can't use the behaviour {one.id}: only approved behaviours of your team and those that you edit "
                "yourself can be added to a rule."
            )


def _locked(draft_id: int, seen: Seen) -> Draft:
    """The draft, locked until the transaction ends. Raises Draft.DoesNotExist for another team's or a deleted one."""
    require(seen.by, seen.team, "author")
    return Draft.objects.select_for_update(of=("self",)).get(pk=draft_id, team=seen.team, deleted_at=None)


def _stale(draft: Draft, seen: Seen, change: Edit) -> StaleDraftError:
    """The refusal, with the version that both began from where it is kept."""
    base, theirs = queries.at_version(draft, seen.version), draft.rule_content()
    replayed = _filled(change.apply(theirs))
    return StaleDraftError(draft, Versions(base, theirs, _filled(change.apply(base)) if base else replayed, replayed))


def _filled(content: RuleContent) -> RuleContent:
    return suggestions.fill(content, facts.known(content))


def _write(draft: Draft, content: RuleContent) -> None:
    """Save the content as the next version; the version in the filter guards where the database has no row locks."""
    seen = draft.version
    _mirror(draft, content)
    draft.updated = timezone.now()
    rows = Draft.objects.filter(pk=draft.pk, version=seen).update(
        content=draft.content, title=draft.title, techniques=draft.techniques, complete=draft.complete,
        position=draft.position, updated=draft.updated, version=F("version") + 1,
    )  # fmt: skip
    if rows != 1:
        now = Draft.objects.get(pk=draft.pk)
        raise StaleDraftError(now, Versions(None, now.rule_content(), content, content))
    draft.version = seen + 1
    _keep_version(draft)


def _keep_version(draft: Draft) -> None:
    DraftVersion.objects.create(draft=draft, number=draft.version, content=draft.content)
    if draft.version % 16 == 0:
        draft.versions.filter(number__lte=draft.version - VERSIONS).delete()


def _mirror(draft: Draft, content: RuleContent) -> None:
    draft.content = as_kept(content)
    draft.title = shortened(content.name)
    draft.techniques = " ".join(content.techniques)[:400]
    draft.complete = not missing(content)


def _remember(draft: Draft, content: RuleContent, change: Edit, by: User) -> bool:
    """Keep a snapshot of the new content; tells whether it merged with the one before. Undone changes are forgotten."""
    now = timezone.now()
    draft.snapshots.filter(number__gt=draft.position).delete()
    last = draft.snapshots.filter(number=draft.position).first()
    merges = last and change.field and last.field == change.field and last.author_id == by.pk and now - last.at < MERGE
    if last and merges:
        last.content, last.at = as_kept(content), now
        last.save(update_fields=["content", "at"])
        return True
    draft.position += 1
    DraftSnapshot.objects.create(
        draft=draft,
        number=draft.position,
        content=as_kept(content),
        label=change.label,
        field=change.field,
        author=by,
        at=now,
    )
    draft.snapshots.filter(number__lte=draft.position - HISTORY).delete()
    return False


def _neighbour(draft: Draft, *, forward: bool) -> DraftSnapshot | None:
    snapshots = draft.snapshots
    if forward:
        number = snapshots.filter(number__gt=draft.position).aggregate(n=Min("number"))["n"]
    else:
        number = snapshots.filter(number__lt=draft.position).aggregate(n=Max("number"))["n"]
    return snapshots.filter(number=number).first() if number else None
