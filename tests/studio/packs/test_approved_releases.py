"""A release comes from what was approved alone: frozen parts, deleted drafts, the team's setting, one's own rules."""

from __future__ import annotations

import json

import pytest

from rules_export.artifacts.verifying import verify_bundle
from studio.accounts.permissions import RoleNeeded
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.services import Seen
from studio.behaviours.own import services as own
from studio.behaviours.own.queries import as_behaviour
from studio.coverage import queries as coverage
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.library import queries as library
from studio.packs import pack_services, release_services, store
from studio.packs.materials import all_of
from studio.packs.models import Pack
from studio.packs.packing import packed
from studio.packs.release_services import CannotReleaseError
from studio.review import decisions, retiring, services
from studio.review.models import Revision
from tests.people import person
from tests.studio.authoring.conftest import catalogue, desk, draft
from tests.studio.behaviours.own import record
from tests.studio.review.conftest import house

__all__ = ["catalogue", "desk", "draft", "house"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.FALCO_BINARY = "/nowhere/falco"


@pytest.fixture
def version(house, people):
    """A behaviour of Ada's in the rule, and an event kept with it."""
    made = own.create(people.team, people.ada, record())
    behaviour = as_behaviour(made)
    house.edit(edits.choose_behaviour(behaviour.id, behaviour.title, {}, behaviour.clause({})))
    event = ParsedEvent("Kept by Ada", {"evt.type": "execve", "proc.name": "snapctl"})
    lab.add(house.desk.draft.samples, people.ada, [event], "match")
    return made


@pytest.fixture
def pack(house, people):
    made = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(made, people.ada, [house.desk.draft.pk])
    return Pack.objects.get()


def release(pack, by, version="1.0.0", **more):
    pack.refresh_from_db()
    return release_services.carry_out(release_services.start(pack, by, pack.version, version, **more))


def read(made, path) -> bytes:
    return store.get(made.files[path]["sha256"])


def files(made) -> dict[str, bytes]:
    return {path: read(made, path) for path in made.files if path not in made.bundles}


def manifest(made) -> dict:
    return json.loads(read(made, "manifest.json"))


def change_everything(house, people, version):
    """Edit the behaviour, the events and the draft, as anyone may after an approval."""
    samples = house.desk.draft.samples
    for event in list(samples.events.all()):
        lab.remove(samples, people.ada, event.pk)
    lab.add(samples, people.ada, [ParsedEvent("Late", {"evt.type": "execve"})], "no_match")
    version.refresh_from_db()
    own.save(version.pk, people.team, people.ada, version.edition, record(emulate="echo late", title="Late"))
    house.edit(edits.set_output("Late %user.name"))


def test_a_release_is_written_from_the_frozen_copy_only(house, people, pack, version):
    house.approve(house.hand_in())
    first = release(pack, people.mai)
    change_everything(house, people, version)
    second = release(pack, people.mai, "1.0.1")
    for path in ("falco_rules.local.yaml", "tests/events.jsonl"):
        assert read(first, path) == read(second, path)
    assert b"Kept by Ada" in read(second, "tests/events.jsonl")
    script = read(second, "tests/emulate.sh")
    assert b"snapctl" in script
    assert b"echo late" not in script


def test_a_rule_in_review_goes_out_with_its_frozen_parts_too(house, people, pack, version):
    house.hand_in()
    change_everything(house, people, version)
    made = release(pack, people.mai, exception="An incident.")
    assert b"Kept by Ada" in read(made, "tests/events.jsonl")
    assert b"Late" not in read(made, "tests/events.jsonl")
    assert b"echo late" not in read(made, "tests/emulate.sh")


def test_the_manifest_names_the_hash_that_reviewers_saw_and_the_approvals(house, people, pack, client):
    people.team.required_approvals = 2
    people.team.save()
    revision = house.hand_in()
    house.approve(revision, people.rui)
    house.approve(revision, people.mai)
    made = release(pack, people.mai)
    [rule] = manifest(made)["rules"]
    client.force_login(people.rui)
    assert f"SHA-256 {rule['content_hash']}" in client.get(f"/reviews/{revision.pk}/").content.decode()
    given = revision.decisions.order_by("at")
    assert rule["revision"] == revision.number
    assert rule["approvals"] == [
        {"account": each.by_id, "at": each.at.strftime("%Y-%m-%dT%H:%M:%SZ")} for each in given
    ]
    assert [each["account"] for each in rule["approvals"]] == [people.rui.pk, people.mai.pk]
    assert "exception" not in rule
    assert all(check.ok is not False for check in verify_bundle(files(made)))


def test_the_manifest_says_why_an_unapproved_rule_was_released(house, people, pack):
    revision = house.hand_in()
    [rule] = manifest(release(pack, people.mai, exception="An incident."))["rules"]
    assert (rule["exception"], rule["content_hash"]) == ("An incident.", revision.content_hash)
    assert "approvals" not in rule


def test_an_older_release_has_the_same_bytes_as_ever(house, people, pack):
    house.approve(house.hand_in())
    made = release(pack, people.mai)
    before = {entry.path: entry.sha256 for entry in packed(made).entries}
    assert before == {path: about["sha256"] for path, about in made.files.items() if path not in made.bundles}
    for member in made.members:  # as Mews kept them before it knew hashes and approvals
        for key in ("content_hash", "approvals", "exception"):
            member.pop(key, None)
    [rule] = json.loads(next(one.data for one in packed(made).entries if one.path == "manifest.json"))["rules"]
    assert set(rule) == {"name", "revision", "sha256", "approvers", "techniques", "priority", "enabled"}


def test_deleting_a_draft_takes_no_approved_rule_away(house, people, pack, client):
    revision = house.approve(house.hand_in())
    authoring.delete(house.desk.draft.pk, people.team, people.ada)
    assert [one.revision_id for one in all_of(people.team)] == [revision.pk]
    assert library.rule(people.team, house.desk.draft.pk) == revision
    assert [str(one.standing.value) for one in coverage.rules(people.team)] == ["approved"]
    assert len(release(pack, people.mai).members) == 1
    other = pack_services.create(people.team, people.ada, name="inland", title="Inland", description="")
    assert pack_services.add(other, people.ada, [house.desk.draft.pk]) == 1
    client.force_login(people.ada)
    client.post(f"/drafts/{house.desk.draft.pk}/restore/")
    client.post(f"/drafts/{house.desk.draft.pk}/delete/")
    assert "stays in the library and in packs" in client.get("/drafts/").content.decode()


def test_only_a_maintainer_withdraws_an_approved_rule_and_with_a_reason(house, people, pack):
    revision = house.approve(house.hand_in())
    with pytest.raises(services.WrongStateError):
        services.withdraw(revision.pk, people.team, people.ann)
    with pytest.raises(retiring.NoReasonError):
        retiring.deprecate(revision.pk, people.team, people.mai, " ")
    with pytest.raises(RoleNeeded):
        retiring.deprecate(revision.pk, people.team, people.rui, "Too noisy.")
    authoring.delete(house.desk.draft.pk, people.team, people.ada)
    retiring.deprecate(revision.pk, people.team, people.mai, "Too noisy.")
    assert JournalEntry.objects.filter(verb="revision.deprecated", details__reason="Too noisy.").exists()
    assert all_of(people.team) == []


def test_a_deleted_draft_that_nobody_approved_leaves_packs(house, people, pack):
    house.hand_in()
    authoring.delete(house.desk.draft.pk, people.team, people.ada)
    assert all_of(people.team) == []


def test_approved_rules_only_lets_no_reason_count(house, people, pack, client):
    people.team.approved_rules_only = True
    people.team.save()
    revision = house.hand_in()
    for who in (people.mai, people.ann):
        with pytest.raises(CannotReleaseError, match="releases approved rules only"):
            release(pack, who, exception="An incident.")
        client.force_login(who)
        page = client.get("/exports/packs/harbour/release/").content.decode()
        assert "Your team releases approved rules only" in page
        assert 'name="exception"' not in page
    house.approve(revision)
    assert release(pack, people.mai).state == "done"


def test_releasing_ones_own_unapproved_rule_takes_an_administrator(house, people, pack, client):
    house.edit(edits.set_output("By Mai %user.name"), people.mai)
    says = "You contributed to Disable recovery features"
    with pytest.raises(CannotReleaseError, match=says):
        release(pack, people.mai, exception="An incident.")
    house.hand_in()
    with pytest.raises(CannotReleaseError, match=says):
        release(pack, people.mai, exception="An incident.")
    client.force_login(people.mai)
    assert says in client.get("/exports/packs/harbour/release/").content.decode()
    twin = person("Twin", people.team, Role.MAINTAINER)
    twin.email = "mai+2@harbour.example"
    twin.save()
    with pytest.raises(CannotReleaseError, match=says):
        release(pack, twin, exception="An incident.")
    assert release(pack, people.ann, exception="An incident.").exception == "An incident."


def test_someone_elses_unapproved_rule_takes_a_reason_alone(house, people, pack):
    assert release(pack, people.mai, exception="An incident.").state == "done"


@pytest.mark.parametrize("way", ["copy", "behaviour"])
def test_contributions_by_other_routes_count_at_a_release_too(house, people, way):
    if way == "copy":
        house.edit(edits.set_output("By Mai %user.name"), people.mai)
        draft = authoring.duplicate(house.desk.now(), people.team, people.ada)
    else:
        made = own.create(people.team, people.ada, record())
        own.save(made.pk, people.team, people.mai, 1, record(title="By Mai"))
        behaviour = as_behaviour(made)
        chosen = edits.choose_behaviour(behaviour.id, behaviour.title, {}, behaviour.clause({}))
        now = house.desk.now()
        draft = authoring.edit(now.pk, Seen(people.ada, people.team, now.version), chosen)
    pack = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="")
    pack_services.add(pack, people.ada, [draft.pk])
    with pytest.raises(CannotReleaseError, match="You contributed to"):
        release(pack, people.mai, exception="An incident.")


def test_an_approval_by_decision_is_what_counts(house, people, pack):
    revision = house.hand_in()
    decisions.approve(revision.pk, people.team, people.rui, revision.content_hash)
    assert Revision.objects.get().state == "approved"
    house.edit(edits.set_output("By Mai %user.name"), people.mai)
    assert release(pack, people.mai).state == "done"
