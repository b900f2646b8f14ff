"""The sixth step: names that are taken, what a description lacks, which priority fits, tags by kind."""

from __future__ import annotations

import html
import re

import pytest

from studio.authoring import namesakes, services
from studio.authoring.edits import set_condition
from studio.authoring.examination import examine
from studio.authoring.guidance import description
from studio.authoring.namesakes import Named, alike
from studio.review import meaning
from tests.studio.authoring.conftest import ARTICLE

BASE = {"name": "Disable recovery features", "desc": "Detects it.", "priority": "WARNING", "enabled": "on", "tags": ""}
KNOWN = [
    Named("Disable recovery features", "draft"),
    Named("Disabling of recovery features", "draft"),
    Named("Recovery features disabled", "draft"),
    Named("Terminal shell in container", "rule of the Falco project"),
    Named("Read a file", "draft"),
]


@pytest.mark.parametrize(
    ("name", "same", "near"),
    [
        ("disable  recovery-features", [KNOWN[0]], KNOWN[1:3]),
        ("Terminal shells in container", [], [KNOWN[3]]),
        ("Read a fille", [], [KNOWN[4]]),
        ("Something else", [], []),
        ("", [], []),
        ("…", [], []),
    ],
)
def test_same_and_near_names_are_found(name, same, near):
    found = alike(name, KNOWN)
    assert [one.named for one in found if one.same] == same
    assert {one.named for one in found if not one.same} == set(near)


@pytest.mark.parametrize(
    ("desc", "done"),
    [
        ("Disable recovery features.", [False, False, True, True]),
        ("", [False, False, False, False]),
        ("Detects that the rescue service is switched off; tune it with its exceptions.", [True, True, True, True]),
        ("x" * 600, [False, False, False, False]),
    ],
)
def test_a_description_is_held_to_four_points(desc, done):
    assert [point.done for point in description("Disable recovery features", desc)] == done


def page(desk):
    return html.unescape(desk.client.get(desk.url("details")).content.decode())


def tags(desk):
    return desk.now().content["tags"]


@pytest.fixture
def writing(desk, db):
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    desk.post("details", **BASE, action="save")
    return desk


@pytest.mark.django_db
def test_a_name_that_another_draft_has_is_told_while_one_types(writing, people):
    other = services.create(people.team, people.ada, (), "Hide the tracks")
    answer = writing.post("details", htmx=True, **{**BASE, "name": "Hide the track"}).content.decode()
    told = answer[answer.index('id="namesakes"') :]
    assert 'hx-swap-oob="true"' in told[:120]
    assert f'<a href="/drafts/{other.pk}/">Hide the tracks</a>' in told
    writing.post("details", **{**BASE, "name": "hide the tracks"})
    assert "This name is taken." in page(writing)
    services.delete(other.pk, people.team, people.ada)
    assert "This name is taken." not in page(writing)
    writing.post("details", **{**BASE, "name": "Terminal shell in container"})
    assert "rule of the Falco project, the same name" in page(writing)


@pytest.mark.django_db
def test_its_own_approved_revision_is_no_namesake(writing, people, monkeypatch):
    from studio.library.apps import LibraryConfig

    own, other = (
        Named("Disable recovery features", "approved rule", writing.draft.pk, "library:rule"),
        Named("Disable recovery feature", "approved rule", 999, "library:rule"),
    )
    monkeypatch.setattr(LibraryConfig, "rule_names", lambda self, team: [own, other])
    found = list(namesakes.known(people.team, writing.draft.pk))
    assert own not in found
    assert other in found
    assert '<a href="/library/999/">' in page(writing)


@pytest.mark.django_db
def test_other_drafts_are_known_as_they_are_now(writing, people):
    def told():
        found = namesakes.known(people.team, writing.draft.pk)
        return [(one.name, one.condition) for one in found if one.kind == "draft"]

    other = services.create(people.team, people.rui, (), "Other")
    assert told() == [("Other", "")]
    seen = services.Seen(people.rui, people.team, 1)
    services.edit(other.pk, seen, set_condition("proc.name = other"))
    assert told() == [("Other", "proc.name = other")]
    services.delete(other.pk, people.team, people.rui)
    assert told() == []
    services.restore(other.pk, people.team, people.rui)
    assert told() == [("Other", "proc.name = other")]
    assert list(namesakes.known(people.team, other.pk)) != list(namesakes.known(people.team, writing.draft.pk))


@pytest.mark.django_db
def test_the_priority_of_the_behaviours_is_suggested_with_its_reason(writing):
    shown = page(writing)
    advised = re.search(r'value="priority:(\w+)"', shown)[1]
    assert "suggested: Delete whole trees by force" in shown
    writing.post("details", **BASE, action=f"priority:{advised}")
    assert writing.now().content["priority"] == advised
    assert 'id="use-priority"' not in page(writing)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("condition", "priority"),
    [
        ("evt.type in (unlink, unlinkat)", "ERROR"),
        ("evt.type = openat and evt.is_open_write = true", "ERROR"),
        ("evt.type = openat and evt.is_open_read = true", "WARNING"),
        ("evt.type = execve and proc.name = nc", "NOTICE"),
    ],
)
def test_without_behaviours_the_condition_speaks(desk, condition, priority):
    desk.post("condition", condition=condition)
    assert f"<strong>{priority}</strong>" in page(desk)


@pytest.mark.django_db
def test_a_sentence_on_tuning_is_added_with_one_click(writing):
    writing.post("details", **BASE, action="tuning")
    assert writing.now().content["desc"].startswith("Detects it. Legitimate where it is work of ")
    writing.post("exceptions", action="new:root_user")
    writing.post("details", **BASE, action="tuning")
    assert writing.now().content["desc"] == "Detects it. Tune it with its exceptions (root_user)."


@pytest.mark.django_db
def test_tags_are_picked_by_kind_and_stand_in_order(writing):
    writing.post("details", **BASE, action="pick:technique", technique="t1485")
    for action, more in (
        ("tag:maturity_sandbox", {}),
        ("tag:host", {}),
        ("tag:process", {}),
        ("pick:tactic", {"tactic": "impact"}),
        ("pick:compliance", {"framework": "NIST_800-53", "control": "au-10"}),
        ("pick:compliance", {"framework": "PCI_DSS", "control": "10.2.7"}),
        ("tag:maturity_stable", {}),
    ):
        writing.post("details", **{**BASE, "tags": ", ".join(tags(writing))}, action=action, **more)
    assert tags(writing) == [
        "maturity_stable", "host", "process", "mitre_impact", "T1485", "NIST_800-53_AU-10", "PCI_DSS_10.2.7",
    ]  # fmt: skip
    writing.post("details", **{**BASE, "tags": "T1485, host"})
    assert "stand in another order now" in page(writing)
    writing.post("details", **{**BASE, "tags": "T1485, host"}, action="order")
    assert tags(writing) == ["host", "T1485"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("which", "more", "says"),
    [
        ("technique", {"technique": "T9999"}, "not in the ATT&CK catalogue"),
        ("technique", {"technique": "T1488"}, "has retired T1488"),
        ("technique", {}, "Type the technique's id"),
        ("tactic", {"tactic": "nonsense"}, "Choose a tactic of the list"),
        ("compliance", {"framework": "PCI_DSS", "control": "all of it"}, "reads like 10.2.7"),
        ("compliance", {}, "reads like"),
        ("own", {"own": "two words"}, "Tag of your own"),
        ("own", {}, "Type the tag"),
        ("nonsense", {}, "nonsense is not one of the available choices"),
    ],
)
def test_a_tag_that_is_none_is_refused_in_words(writing, which, more, says):
    answer = writing.post("details", htmx=True, **BASE, action=f"pick:{which}", **more)
    assert answer.status_code == 422
    assert says in html.unescape(answer.content.decode())
    assert tags(writing) != ["T9999"]


RARE = {"rare": "on", "skip_if_unknown_filter": "on", "capture": "on", "capture_duration": "5000"}


@pytest.mark.django_db
def test_rare_keys_are_set_told_to_reviewers_and_undone(writing):
    before = writing.now().rule_content()
    shown = page(writing)
    assert re.search(r'<details class="card rare" id="rare">', shown), "folded while none is set"
    assert "Falco knows it since 0.42." in shown
    writing.post("details", **BASE, **RARE)
    after = writing.now().rule_content()
    yaml = examine(after, writing.draft.samples_id).yaml
    for line in ("warn_evttypes: false", "skip-if-unknown-filter: true", "capture: true", "capture_duration: 5000"):
        assert f"  {line}\n" in yaml
    details = next(part for part in meaning.parts(before, after) if part.slug == "details")
    assert len(details.changes) == 4
    assert '<details class="card rare" id="rare" open>' in page(writing)
    writing.post("details", **BASE)
    assert writing.now().rule_content() == after, "a page without them leaves them as they are"
    writing.post("details", **BASE, rare="on", warn_evttypes="on", capture_duration="")
    assert writing.now().rule_content() == before
    writing.client.post(f"/drafts/{writing.draft.pk}/undo/", {"version": writing.now().version})
    assert writing.now().rule_content().touched == before.touched


@pytest.mark.django_db
def test_a_capture_of_no_length_is_refused_and_shown_again(writing):
    answer = writing.post("details", **BASE, **{**RARE, "capture_duration": "-1"})
    assert answer.status_code == 422
    told = html.unescape(answer.content.decode())
    assert "Length of the capture" in told
    assert '<details class="card rare" id="rare" open>' in told
    assert 'value="-1"' in told


@pytest.mark.django_db
def test_an_equal_condition_is_told_however_it_is_written(writing, people):
    def write(condition, title):
        made = services.create(people.team, people.ada, (), title)
        return services.edit(made.pk, services.Seen(people.ada, people.team, 1), set_condition(condition))

    writing.post("condition", condition="spawned_process and proc.name in (rm, shred) and user.uid = 0")
    same = write("(user.uid=0)\n and proc.name in (shred, 'rm') and spawned_process", "Something else entirely")
    write("spawned_process and proc.name in (rm, dd) and user.uid = 0", "Another one")
    for text in ("", "proc.name = ("):
        write(text, "")
    told = f'<a href="/drafts/{same.pk}/">Something else entirely</a>'
    for step in ("details", "condition"):
        shown = html.unescape(writing.client.get(writing.url(step)).content.decode())
        assert "Another rule has this condition already" in shown
        assert told in shown
        assert "Another one" not in shown
    answer = writing.post("condition", htmx=True, condition="proc.name = other").content.decode()
    assert "has this condition already" not in answer
    writing.post("condition", condition="")
    assert "has this condition already" not in page(writing), "empty conditions are no duplicates"
