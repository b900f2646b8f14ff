"""A maintainer makes a pack of approved rules, releases it, and knows why it has that version."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
import yaml
from django.urls import reverse

from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.manifest import read_sums
from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring.services import create
from studio.packs import pack_services, release_services, store, tasks
from studio.packs.models import FrozenReleaseError, Pack, Release
from studio.packs.previewing import propose
from studio.review.models import Revision
from studio.review.services import content_hash
from tests.studio.packs.test_making import T1490

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.FALCO_BINARY = "/nowhere/falco"


def rule(people, approved: bool = True, **changes):
    draft = create(people.team, people.ada)
    draft.content = {**T1490, **changes}
    draft.title = draft.content["name"]
    draft.save()
    if approved:
        approve(people, draft)
    return draft


def approve(people, draft):
    Revision.objects.filter(draft=draft, state="approved").update(state="superseded")
    number = Revision.objects.filter(draft=draft).count() + 1
    about = {"content": draft.content, "content_hash": content_hash(draft.content), "yaml": "", "name": draft.title}
    when = {"state": "approved", "approved_at": draft.updated}
    found = Revision.objects.create(
        team=people.team, draft=draft, number=number, handed_in_by=people.ada, **about, **when
    )
    found.decisions.create(by=people.rui, verdict="approve", content_hash=found.content_hash)
    return found


@pytest.fixture
def pack(people):
    made = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="Ours.")
    pack_services.add(made, people.ada, [rule(people).pk])
    return made


def released(pack, people, version="1.0.0", **more) -> Release:
    pack.refresh_from_db()
    return release_services.carry_out(release_services.start(pack, people.mai, pack.version, version, **more))


def test_it_goes_from_approved_rules_to_a_bundle_in_the_browser(client, people):
    client.force_login(people.mai)
    draft = rule(people)
    new = {"title": "Harbour", "name": "harbour", "mode": "overlay", "target": "0.44", "by_query": ""}
    assert client.post(reverse("packs:pack_create"), new).url == "/exports/packs/harbour/"
    client.post(reverse("packs:pack_rules", args=["harbour"]), {"draft": draft.pk})
    page = client.get(reverse("packs:release_start", args=["harbour"])).content.decode()
    assert 'value="1.0.0"' in page
    assert "It is the first release of the pack." in page
    seen = Pack.objects.get().version
    answer = client.post(
        reverse("packs:release_start", args=["harbour"]), {"version": "1.0.0", "changelog": "First.", "seen": seen}
    )
    release = Release.objects.get()
    assert answer.url == release.get_absolute_url()
    tasks.make_release(release.pk)
    assert b"harbour-1.0.0.zip" in client.get(answer.url).content
    file = client.post(f"{answer.url}download/", {"file": "harbour-1.0.0.zip"})
    assert file["Content-Disposition"] == 'attachment; filename="harbour-1.0.0.zip"'
    found = unpacked(file.content)
    assert read_sums(found["SHA256SUMS"].decode()).keys() == found.keys() - {"SHA256SUMS"}
    [told] = json.loads(found["manifest.json"])["rules"]
    assert (told["revision"], told["approvers"], told["techniques"]) == (1, ["Rui Reviewer"], ["T1490"])
    assert [one["rule"] for one in yaml.load(found["falco_rules.local.yaml"], yaml.BaseLoader) if "rule" in one] == [
        T1490["name"]
    ]
    verbs = JournalEntry.objects.order_by("number").values_list("verb", flat=True)
    wanted = ["pack.created", "pack.rules_added", "release.started", "release.done", "release.downloaded"]
    assert [verb for verb in verbs if verb.startswith(("pack.", "release."))] == wanted


def test_it_proposes_the_version_with_its_reasons(client, people, pack):
    assert propose(pack).version == "1.0.0"
    released(pack, people)
    assert (propose(pack).version, propose(pack).level) == ("1.0.0", "none")
    draft = pack.members.get().draft
    draft.content = {**draft.content, "output": "Other words | command=%proc.cmdline"}
    draft.save()
    approve(people, draft)
    assert (propose(pack).version, propose(pack).level) == ("1.0.1", "patch")
    pack_services.add(pack, people.ada, [rule(people, name="Another rule", condition="evt.type = execve").pk])
    assert propose(pack).version == "1.1.0"
    draft.content = {**draft.content, "priority": "NOTICE"}
    draft.save()
    approve(people, draft)
    proposal = propose(pack)
    assert proposal.version == "2.0.0"
    assert "- Another rule: The rule is new." in proposal.changelog
    client.force_login(people.mai)
    page = client.get(reverse("packs:release_start", args=["harbour"])).content.decode()
    assert "The priority is NOTICE, it was CRITICAL. It is less urgent." in page


def test_it_releases_what_was_approved_and_not_what_came_after(people, pack):
    draft = pack.members.get().draft
    draft.content = {**draft.content, "priority": "NOTICE"}
    draft.save()
    assert released(pack, people).members[0]["priority"] == "CRITICAL"


def test_it_lets_nobody_release_unapproved_rules_without_a_reason(client, people, pack):
    pack_services.add(pack, people.ada, [rule(people, approved=False, name="Raw rule", condition="evt.type = kill").pk])
    with pytest.raises(release_services.CannotReleaseError, match="Nobody approved Raw rule"):
        release_services.start(pack, people.mai, pack.version, "1.0.0")
    release = released(pack, people, exception="The incident cannot wait.")
    client.force_login(people.vic)
    assert b"The incident cannot wait." in client.get(release.get_absolute_url()).content


@pytest.mark.parametrize(
    ("version", "says"),
    [("1.0.0", "above 1.0.0"), ("0.9.0", "above 1.0.0"), ("1.0", "no semantic version"), ("1.0.0-rc.1", "above")],
)
def test_it_refuses_versions_that_do_not_follow(people, pack, version, says):
    released(pack, people)
    with pytest.raises(release_services.CannotReleaseError, match=says):
        released(pack, people, version)


def test_it_refuses_a_pack_that_changed_meanwhile(people, pack):
    with pytest.raises(release_services.CannotReleaseError, match="changed since"):
        release_services.start(pack, people.mai, pack.version - 1, "1.0.0")


def test_it_is_a_maintainers_word(client, people, pack):
    with pytest.raises(RoleNeeded):
        release_services.start(pack, people.rui, pack.version, "1.0.0")
    client.force_login(people.ada)
    assert client.get(reverse("packs:release_start", args=["harbour"])).status_code == 403
    client.force_login(people.vic)
    assert client.post(reverse("packs:pack_arrange", args=["harbour"])).status_code == 403
    client.force_login(people.sam)
    assert client.get(pack.get_absolute_url()).status_code == 404


def test_it_shows_conflicts_before_the_release(client, people, pack):
    wide = rule(people, name="Wide", condition="spawned_process", exceptions=[])
    narrow = rule(people, name="Narrow", condition="spawned_process and proc.name = rm", exceptions=[])
    twin = rule(people, name="Wide", condition="evt.type = kill")
    pack_services.add(pack, people.ada, [wide.pk, narrow.pk])
    rows = [{"draft": one.pk, "switch": "", "priority": ""} for one in (wide, narrow)]
    pack_services.arrange(pack, people.ada, pack.version, rows)
    client.force_login(people.ada)
    assert "Wide stands before it and matches every event" in client.get(pack.get_absolute_url()).content.decode()
    pack_services.arrange(pack, people.ada, pack.version, rows[::-1])
    assert "stands before it" not in client.get(pack.get_absolute_url()).content.decode()
    pack_services.add(pack, people.ada, [twin.pk])
    assert "Falco would load only the last" in client.get(pack.get_absolute_url()).content.decode()
    with pytest.raises(release_services.CannotReleaseError, match="has this name"):
        released(pack, people)


def test_it_holds_the_pack_against_the_falco_that_it_is_for(people, pack):
    pack_services.change(pack, people.ada, pack.version, target="0.38")
    [conflict] = propose(pack).blockers
    assert "The pack is for Falco 0.38, and its rules need 0.42" in conflict.message


def test_it_finds_rules_by_a_query(people):
    query = {"by_query": True, "query_technique": "T1059", "query_tag": "host", "query_state": "approved"}
    pack = pack_services.create(people.team, people.ada, name="shells", title="Shells", **query)
    rule(people, name="In", tags=["host", "T1059.004"], techniques=[])
    rule(people, name="No tag", tags=["T1059.004"], techniques=[])
    rule(people, name="Other", tags=["host", "T1490"])
    rule(people, name="Raw", tags=["host", "T1059"], approved=False)
    assert [one.name for one in propose(pack).members] == ["In"]
    pack_services.change(pack, people.ada, pack.version, query_maturity="incubating")
    assert propose(pack).members == ()
    for tag in ("stable", "incubating", "sandbox"):
        rule(people, name=f"Is {tag}", tags=["host", f"maturity_{tag}", "T1059"], techniques=[])
    assert [one.name for one in propose(pack).members] == ["Is incubating", "Is stable"]


def test_it_carries_switches_and_priorities_of_the_pack(client, people, pack):
    client.force_login(people.ada)
    draft = pack.members.get().draft_id
    line = {"1-draft": draft, "1-place": 1, "1-switch": "off", "1-priority": "DEBUG"}
    client.post(reverse("packs:pack_arrange", args=["harbour"]), {"seen": pack.version, "count": 1, **line})
    files = released(pack, people).files
    text = store.get(files["falco_rules.local.yaml"]["sha256"]).decode()
    assert "enabled: false" in text
    assert "priority: DEBUG" in text
    stale = client.post(
        reverse("packs:pack_arrange", args=["harbour"]), {"seen": 1, "count": 1, **line, "remove": draft}, follow=True
    )
    assert "Somebody else changed this pack" in stale.content.decode()
    assert pack.members.count() == 1


def test_it_makes_the_same_bytes_again_and_loses_nothing_half_way(people, pack, monkeypatch):
    pack.refresh_from_db()
    release = release_services.start(pack, people.mai, pack.version, "1.0.0")
    put, kept = store.put, []

    def killed(data):
        if len(kept) == 5:
            raise KeyboardInterrupt
        kept.append(put(data))
        return kept[-1]

    monkeypatch.setattr(store, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        release_services.carry_out(release)
    monkeypatch.setattr(store, "put", put)
    release.refresh_from_db()
    assert (release.state, release.files) == ("running", {})
    assert release_services.carry_out(release).state == "done"
    assert set(kept) <= {one["sha256"] for one in release.files.values()}
    finished = release.finished_at
    assert release_services.carry_out(Release.objects.get(pk=release.pk)).finished_at == finished
    assert not list(store.path_of(kept[0]).parents[1].rglob(".making-*"))


def test_it_never_changes_a_release(people, pack):
    release = released(pack, people)
    release.version = "9.9.9"
    with pytest.raises(FrozenReleaseError):
        release.save()


def test_it_yanks_with_a_reason_and_deletes_nothing(client, people, pack):
    release = released(pack, people)
    client.force_login(people.mai)
    url = reverse("packs:release_yank", args=["harbour", release.pk])
    assert "Enter a reason" in client.post(url, {"reason": " "}, follow=True).content.decode()
    assert "Too loud." in client.post(url, {"reason": "Too loud."}, follow=True).content.decode()
    release.refresh_from_db()
    assert (release.yanked_by, propose(pack).previous) == (people.mai, None)
    assert client.post(f"{release.get_absolute_url()}download/", {"file": "README.md"}).status_code == 200


def test_it_compares_two_releases(client, people, pack):
    released(pack, people)
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    released(pack, people, "1.1.0", changelog="More.")
    client.force_login(people.vic)
    page = client.get(reverse("packs:compare", args=["harbour"])).content.decode()
    assert "The rule is new." in page
    back = client.get(reverse("packs:compare", args=["harbour"]) + "?from=1.1.0&to=1.0.0").content.decode()
    assert "The rule is gone." in back
    last = Release.objects.get(version="1.1.0")
    changes = store.get(last.files["CHANGELOG.md"]["sha256"]).decode()
    assert changes.index("## 1.1.0\n\nMore.") < changes.index("## 1.0.0")


def test_it_compares_the_text_of_two_releases(client, people, pack, monkeypatch):
    released(pack, people)
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    released(pack, people, "1.1.0")
    client.force_login(people.vic)
    url = reverse("packs:compare", args=["harbour"])
    page = client.get(url).content.decode()
    assert page.count('class="line-remove"') == 0
    added = re.findall(r'<tr class="line-add">.*?<td class="line-text">(.*?)</td>', page)
    assert "- rule: New one" in added
    assert "- rule: Disable recovery features" not in added
    backwards = client.get(url, {"from": "1.1.0", "to": "1.0.0"}).content.decode()
    assert backwards.count('class="line-remove"') == len(added)
    assert "byte by byte" in client.get(url, {"from": "1.1.0", "to": "1.1.0"}).content.decode()
    monkeypatch.setattr("studio.packs.comparing.MOST_LINES", 3)
    assert "too long to be compared" in client.get(url).content.decode()


def test_whoever_has_a_yanked_release_reads_which_one_to_install(client, people, pack):
    released(pack, people)
    newer = released(pack, people, "1.1.0")
    release_services.yank(newer, people.mai, "Loud.")
    client.force_login(people.vic)
    page = client.get(newer.get_absolute_url()).content.decode()
    assert re.search(r"Install <a [^>]*>1\.0\.0</a> instead", page)


def test_it_hands_over_only_files_of_the_release(client, people, pack):
    release = released(pack, people)
    client.force_login(people.vic)
    for path in ("../../etc/passwd", "", "nothing", release.files["README.md"]["sha256"]):
        assert client.post(f"{release.get_absolute_url()}download/", {"file": path}).status_code == 404


def test_it_tells_a_person_when_something_breaks(people, pack, monkeypatch, client):
    pack.refresh_from_db()
    release = release_services.start(pack, people.mai, pack.version, "1.0.0")
    monkeypatch.setattr(release_services, "packed", lambda release: 1 / 0)
    tasks.make_release(release.pk)
    client.force_login(people.mai)
    assert b"Something of ours broke" in client.get(release.get_absolute_url()).content
    monkeypatch.undo()
    client.post(reverse("packs:release_again", args=["harbour", release.pk]))
    tasks.make_release(release.pk)
    release.refresh_from_db()
    assert release.state == "done"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "Harbour", "Lower-case letters"),
        ("name", "taken", "Another pack of your team has this name."),
        ("query_technique", "T14", "A technique looks like"),
        ("target", "0.1", "not one of the available choices"),
    ],
)
def test_it_says_what_is_wrong_with_a_pack(client, people, field, value, says):
    pack_services.create(people.team, people.ada, name="taken", title="Taken")
    client.force_login(people.ada)
    good = {"title": "Harbour", "name": "harbour", "mode": "overlay", "target": "0.44"}
    answer = client.post(reverse("packs:pack_create"), {**good, field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_it_writes_a_zip_that_others_open(people, pack):
    release = released(pack, people)
    data = store.get(release.files["harbour-1.0.0.zip"]["sha256"])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None


def test_what_is_switched_off_is_no_finding_of_the_release(pack, people):
    from studio.lints import services as lints

    def told(version: str) -> set[str]:
        made = release_services.start(pack, people.mai, pack.version, version)
        made = release_services.carry_out(made)
        assert made.state == Release.State.DONE, (made.findings, made.trouble)
        report = json.loads(store.get(made.files["findings.sarif"]["sha256"]))
        return {one["ruleId"] for run in report["runs"] for one in run["results"]}

    member = pack.members.get().draft
    member.content = {**member.content, "desc": "Detects disabling"}
    member.save()
    approve(people, member)
    before = told("1.0.0")
    assert {"MEWS_DESC_PERIOD", "MEWS_DESC_SHORT"} <= before
    lints.switch_off(people.team, people.mai, "MEWS_DESC_PERIOD", "Not for us.")
    member.content = {**member.content, "waivers": [{"code": "MEWS_DESC_SHORT", "reason": "Not here."}]}
    member.save()
    approve(people, member)
    assert told("1.0.1") == before - {"MEWS_DESC_PERIOD", "MEWS_DESC_SHORT"}
