"""What is handed in keeps the macros and lists of that day: in its meaning, its files, and against later changes."""

from __future__ import annotations

import pytest

from studio.authoring.content import from_json, to_rule
from studio.authoring.examination import examine
from studio.definitions import impact
from studio.packs.conflicts import conflicts
from studio.packs.making import make
from studio.packs.services import start
from studio.review import freezing, services
from studio.review.models import Revision
from studio.review.services import NotReadyError

pytestmark = pytest.mark.django_db

CONDITION = "spawned_process and acme_wiping"


@pytest.fixture
def wiping(shelf, house):
    """The article's rule, with its first tools named by a list and a macro of the team's own."""
    shelf.list("acme_wipers", "rm", "chattr", "mkfs.ext4", "mount", "systemctl")
    macro = shelf.macro("acme_wiping", "proc.name in (acme_wipers)", "A tool ran that can wipe a disk.")
    house.desk.post("condition", condition=CONDITION)
    return macro


def fires(content, name):
    return next(one.matched for one in examine(content, 0).lab.outcomes if name in one.sample.name)


def test_a_draft_takes_the_definitions_of_the_day_and_keeps_none(house, wiping, shelf):
    draft = house.desk.now()
    assert "definitions" not in draft.content
    assert [one.name for one in draft.rule_content().definitions] == ["acme_wipers", "acme_wiping"]
    before = examine(draft.rule_content(), draft.samples_id)
    assert before.lab.fired
    assert before.loads
    shelf.write(wiping, condition="proc.name = nothing")
    assert not examine(house.desk.now().rule_content(), draft.samples_id).lab.fired


def test_what_is_handed_in_keeps_them_under_its_hash(house, wiping, shelf):
    first = house.hand_in()
    assert [one["name"] for one in first.content["definitions"]] == ["acme_wipers", "acme_wiping"]
    assert first.yaml.index("list: acme_wipers") < first.yaml.index("macro: acme_wiping") < first.yaml.index("rule:")
    shelf.write(wiping, condition="proc.name = nothing")
    kept = Revision.objects.get(pk=first.pk)
    assert kept.content_hash == services.content_hash(kept.content)
    assert examine(kept.rule_content(), 0).lab.fired == kept.summary["fired"]


def test_the_same_version_can_be_handed_in_again_when_a_macro_changed(house, wiping, shelf):
    house.hand_in()
    with pytest.raises(NotReadyError, match="in review already"):
        house.hand_in()
    shelf.write(wiping, condition="proc.name in (acme_wipers) and user.name != root")
    second = house.hand_in()
    assert second.number == 2
    house.approve(second)
    with pytest.raises(NotReadyError, match="approved already"):
        house.hand_in()


def test_pages_say_what_changed_since_the_approval(house, wiping, shelf):
    revision = house.approve(house.hand_in())
    for page in (f"/library/{revision.draft_id}/", f"/reviews/{revision.pk}/"):
        assert "since the approval" not in house.desk.client.get(page).content.decode()
    shelf.write(wiping, description="Only the words change.")
    assert freezing.changed(revision) == []
    shelf.write(wiping, condition="proc.name = nothing")
    for page in (f"/library/{revision.draft_id}/", f"/reviews/{revision.pk}/"):
        text = " ".join(house.desk.client.get(page).content.decode().split())
        assert ">acme_wiping</a> has changed since the approval" in text
        assert "Hand in again</a>" in text


def test_a_review_shows_a_changed_macro_as_a_change_of_meaning(house, wiping, shelf):
    house.approve(house.hand_in())
    shelf.write(wiping, condition="proc.name = rm")
    second = house.hand_in()
    page = house.desk.client.get(f"/reviews/{second.pk}/").content.decode()
    assert "The macro acme_wiping says something else." in page
    assert "acme_wiping (“A tool ran that can wipe a disk”) holds" in page


def test_who_wrote_in_a_macro_of_the_rule_does_not_approve_it(house, wiping, shelf, people):
    shelf.write(wiping, by=people.rui, condition="proc.name in (acme_wipers) and user.name != root")
    assert people.rui in house.hand_in().contributors.all()


def test_an_export_carries_them(house, wiping, people):
    run = start(people.team, people.ada, [house.desk.now()], "overlay")
    made = make(run.rules, "overlay")
    assert made.reasons == ()
    assert made.text.index("list: acme_wipers") < made.text.index("macro: acme_wiping") < made.text.index("- rule:")
    assert "acme_wiping" in made.summary["macros"]


def test_a_pack_of_rules_with_different_texts_is_a_conflict(house, wiping, shelf):
    first = to_rule(house.hand_in().rule_content())
    shelf.write(wiping, condition="proc.name = rm")
    second = to_rule(from_json({**house.hand_in().content, "name": "Second"}))
    (found,) = [one for one in conflicts([first, second]) if one.code == "MEWS_DEFINITIONS_DIFFER"]
    assert (found.severity, found.rule, found.place) == ("error", "Second", 1)
    assert "acme_wiping" in found.message


def test_a_change_tells_what_becomes_of_every_rule(house, wiping, shelf):
    house.approve(house.hand_in())
    after = shelf.own.changed(shelf.own.terms["acme_wipers"].__class__("list", "acme_wipers", items=("rm",)))
    found = impact.of(shelf.team, {"acme_wipers"}, after)
    assert [one.use.kind for one in (*found.rules, *found.frozen)] == ["Draft", "Approved"]
    lost = next(one for one in found.rules[0].turned if one.kind == "attack")
    assert not lost.matches
    assert lost.count >= 8  # one at least for each of the nine behaviours but rm's
    assert lost.words == f"{lost.count} attack events no longer match"
    assert not impact.of(shelf.team, {"acme_wipers"}, shelf.own)


def test_the_lab_knows_the_team_s_names_in_pasted_rules(signed_in, shelf):
    shelf.list("acme_tools", "rsync")
    shelf.macro("acme_backup", "proc.name in (acme_tools)")
    line = '{"evt.type": "execve", "proc.name": "rsync", "proc.cmdline": "rsync -a"}'
    tried = {"condition": "spawned_process and acme_backup", "output": "", "lines": line}
    fired = signed_in.post("/lab/", tried).context["tried"].rules[0].result.outcomes[0].matched
    assert fired is True
    item = "- list: acme_tools\n  items: [tar]\n"
    rule = "- rule: Pasted\n  desc: x\n  condition: acme_backup\n  output: x\n  priority: INFO\n"
    for yaml, fires in ((rule, True), (item + rule, False)):
        answer = signed_in.post("/lab/", {**tried, "condition": yaml})
        assert answer.context["tried"].rules[0].result.outcomes[0].matched is fires
