"""What people find about a pack: its coverage, the search, pages of many rules, conflicts, targets."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.packs import materials, pack_services, previewing, release_services, tasks
from studio.packs.models import Pack, PackPreview
from studio.packs.previewing import propose
from studio.packs.proposing import changelog
from tests.studio.packs.test_releases import own_folder, pack, released, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def test_it_shows_what_a_pack_covers(client, people, pack):  # noqa: F811
    from studio.attack.models import Catalogue

    rule(people, name="Elsewhere", tags=["T1059"], techniques=["T1059"])
    client.force_login(people.vic)
    url = reverse("packs:coverage", args=["harbour"])
    table = client.get(f"{url}table.csv").content.decode("utf-8-sig")
    assert "Elsewhere" not in table
    page = client.get(url).content.decode()
    assert "Coverage of Harbour" in page
    assert Catalogue.objects.exists() or "No ATT&amp;CK catalogue is loaded" in page
    assert (
        'href="/exports/packs/harbour/coverage/"'
        in client.get(reverse("packs:pack", args=["harbour"])).content.decode()
    )
    assert client.get(f"{url}nothing").status_code == 404
    client.force_login(people.sam)
    assert client.get(url).status_code == 404


def test_it_is_found_by_the_search_over_everything(client, people, pack):  # noqa: F811
    released(pack, people)
    client.force_login(people.vic)
    assert b"/exports/packs/harbour/" in client.get("/search/?q=harb").content
    assert b"Harbour 1.0.0" in client.get("/search/?q=harbour+1.0").content
    client.force_login(people.sam)
    assert b"/exports/packs/harbour/" not in client.get("/search/?q=harb").content


def test_it_says_for_which_falcos_it_was_checked_and_what_took_its_place(client, people, pack):  # noqa: F811
    pack_services.change(pack, people.ada, pack.version, target="0.43")
    first = released(pack, people)
    assert [(one["falco"], one["lacks"]) for one in first.summary["targets"]][:2] == [("0.43", []), ("0.44", [])]
    candidate = released(pack, people, "1.1.0-rc.1")
    assert (first.superseded_by, candidate.superseded_by) == (None, None)
    second = released(pack, people, "1.1.0")
    assert (first.superseded_by, candidate.superseded_by) == (second, second)
    client.force_login(people.vic)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "took its place" in page
    assert "Falco 0.43" in page
    release_services.yank(second, people.mai, "Loud.")
    assert first.superseded_by is None


def test_it_points_out_a_word_that_a_list_of_another_rule_would_replace():
    from rules_export.ruleset.model import List, Rule
    from studio.packs.conflicts import conflicts

    one = Rule("One", "evt.type = kill and proc.name in (mail)", "x", "x", "INFO", brings=(List("mail", ("exim",)),))
    other = Rule("Other", "evt.type = open and proc.name in (mail, cat)", "x", "x", "INFO")
    quoted = Rule("Quoted", 'evt.type = close and proc.name in ("a mail", cat)', "x", "x", "INFO")
    [found] = [each for each in conflicts([one, other, quoted]) if each.code == "MEWS_LIST_COLLISION"]
    assert (found.place, found.severity, "which One brings along" in found.message) == (1, "error", True)


def test_it_finds_shadows_among_many_rules_in_little_time():
    from time import process_time

    from rules_export.ruleset.model import Rule
    from studio.packs.conflicts import conflicts

    rules = [Rule(f"R{n}", f"evt.type = kill and proc.name = p{n}", "x", "x", "INFO") for n in range(1500)]
    rules.append(Rule("Last", "evt.type = kill and proc.name = p7 and proc.pname = x", "x", "x", "INFO"))
    began = process_time()
    assert [(each.rule, each.place) for each in conflicts(rules)] == [("Last", 1500)]
    assert process_time() - began < 3


def test_it_pages_through_a_large_pack_and_arranges_one_page_of_it(client, people, pack, monkeypatch):  # noqa: F811
    monkeypatch.setattr(materials, "SHOWN", 2)
    names = ["B", "C", "D", "E"]
    drafts = {name: rule(people, name=name, condition=f"evt.type = kill and proc.name = {name}") for name in names}
    pack_services.add(pack, people.ada, [one.pk for one in drafts.values()])
    client.force_login(people.ada)
    page = client.get(f"{pack.get_absolute_url()}?page=2").content.decode()
    assert ('name="3-place"' in page, 'name="1-place"' in page) == (True, False)
    pack.refresh_from_db()
    lines = {"3-draft": drafts["C"].pk, "3-place": 1, "3-switch": "off", "4-draft": drafts["D"].pk, "4-place": 4}
    url = reverse("packs:pack_arrange", args=["harbour"])
    answer = client.post(url, {"seen": pack.version, "first": 3, "count": 2, **lines})
    assert answer.url == "/exports/packs/harbour/?page=2"
    pack = Pack.objects.get()
    assert [one.name for one in propose(pack).members] == ["C", "Disable recovery features", "B", "D", "E"]
    assert [one.switch for one in propose(pack).members] == ["off", "", "", "", ""]


def test_it_remembers_what_a_large_pack_would_be_until_something_changes(people, pack, monkeypatch):  # noqa: F811
    monkeypatch.setattr(previewing, "MANY", 1)
    first, worked = propose(pack), []
    real = previewing.worked_out
    monkeypatch.setattr(previewing, "worked_out", lambda *args: worked.append(args) or real(*args))
    assert propose(pack) == first
    assert worked == []
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    assert len(propose(pack).members) == 2
    assert len(worked) == 1


def test_the_worker_looks_at_a_large_pack_while_its_page_is_there_at_once(
    client, people, pack, monkeypatch, django_capture_on_commit_callbacks  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(previewing, "MANY", 1)
    sent, url = [], pack.get_absolute_url()
    monkeypatch.setattr(tasks.make_preview, "delay", sent.append)
    client.force_login(people.mai)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(url).content.decode()
        client.get(url)
    assert ("Disable recovery features" in page, "Waiting for the worker" in page) == (True, True)
    [key] = sent
    start = {"version": "1.0.0", "changelog": "", "seen": pack.version}
    refused = client.post(reverse("packs:release_start", args=["harbour"]), start)
    assert (refused.status_code, b"The worker looks at the rules" in refused.content) == (422, True)
    polls = {"headers": {"HX-Request": "true", "HX-Target": "preview"}}
    assert b"Waiting for the worker" in client.get(url, **polls).content
    tasks.make_preview(key)
    assert b"can be released as 1.0.0" in client.get(url, **polls).content
    assert client.get(reverse("packs:release_start", args=["harbour"]), **polls)["HX-Refresh"] == "true"
    assert b"Waiting for the worker" not in client.get(url).content
    assert propose(pack).version == "1.0.0"
    assert client.post(reverse("packs:release_start", args=["harbour"]), start).status_code == 302


def test_who_releases_a_large_pack_at_once_has_the_worker_look_first(
    people, pack, monkeypatch, django_capture_on_commit_callbacks  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(previewing, "MANY", 1)
    sent: list[int] = []
    monkeypatch.setattr(tasks.make_preview, "delay", sent.append)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(release_services.CannotReleaseError, match="when it is through"),
    ):
        release_services.start(pack, people.mai, pack.version, "1.0.0")
    tasks.make_preview(sent.pop())
    assert release_services.start(pack, people.mai, pack.version, "1.0.0").version == "1.0.0"


def test_an_answer_that_came_too_late_is_dropped(people, pack, monkeypatch):  # noqa: F811
    monkeypatch.setattr(previewing, "MANY", 1)
    previewing.look(pack)
    preview = PackPreview.objects.get()
    pack_services.add(pack, people.ada, [rule(people, name="New one", condition="evt.type = execve").pk])
    tasks.make_preview(preview.pk)
    assert not PackPreview.objects.exists()


def test_it_says_when_the_look_breaks_and_looks_again_when_asked(client, people, pack, monkeypatch):  # noqa: F811
    monkeypatch.setattr(previewing, "MANY", 1)
    previewing.look(pack)
    preview = PackPreview.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(previewing, "worked_out", lambda *args: 1 / 0)
        tasks.make_preview(preview.pk)
    client.force_login(people.vic)
    polls = {"headers": {"HX-Request": "true", "HX-Target": "preview"}}
    assert b"Something of ours broke" in client.get(pack.get_absolute_url(), **polls).content
    assert b"Waiting for the worker" in client.get(pack.get_absolute_url()).content
    assert previewing.stranded() == [preview]


def test_the_words_for_very_many_changes_stay_short_enough_for_a_release():
    found = [materials.Listed(pk, f"Rule with a long name {pk}", "approved", "r1") for pk in range(10_000)]
    lines = changelog((), found, None).splitlines()
    assert lines[0] == "- New rule: Rule with a long name 0."
    assert lines[-1] == f"- And {10_000 - len(lines) + 1:,} more."
    assert len("\n".join(lines)) < 20_000


def test_it_finds_rules_to_add_by_words(client, people, pack):  # noqa: F811
    rule(people, name="Shell in a container", tags=["T1059"], techniques=["T1059"])
    client.force_login(people.ada)
    found = client.get(f"{pack.get_absolute_url()}?q=shell+t1059").content.decode()
    assert "Shell in a container" in found
    nothing = client.get(f"{pack.get_absolute_url()}?q=nothing").content.decode()
    assert ("Shell in a container" in nothing, "says all of" in nothing) == (False, True)
