"""Rule against rule: who fires on the same events, and who is never heard."""

from __future__ import annotations

import pytest

from rules_export.ruleset.model import Rule, RuleException
from studio.lab.contest import ORDERS, contest
from studio.lab.known_rules import APPROVED, KnownRule


def known(name, condition, **more):
    return KnownRule(name, name, APPROVED, Rule(name, condition, "", "", more.pop("priority", "NOTICE"), **more), "")


WIDE, NARROW = known("Wide", "proc.name in (rm, dd)"), known("Narrow", "proc.name = rm and proc.args = x")
EVENTS = [{"proc.name": "rm", "proc.args": "x"}, {"proc.name": "dd"}, {"proc.name": "ls"}]


def test_an_earlier_wider_rule_takes_every_event_of_a_later_one():
    wide, narrow = contest([WIDE, NARROW], EVENTS)
    assert (wide.fires, wide.alerts, wide.never_heard) == (2, 2, False)
    assert (narrow.fires, narrow.alerts, narrow.never_heard) == (1, 0, True)
    assert narrow.unheard == ((WIDE, 1),)
    assert [one.rule.name for one in narrow.before] == ["Wide"]
    assert [one.rule.name for one in wide.behind] == ["Narrow"]


def test_the_other_order_lets_both_be_heard():
    narrow, wide = contest([NARROW, WIDE], EVENTS)
    assert (narrow.alerts, wide.alerts, wide.silent_count) == (1, 1, 1)


def test_exceptions_disabled_rules_and_broken_ones():
    kept = RuleException("dd", ("proc.name",), ("=",), (("dd",),))
    rules = [known("Excepted", "proc.name = dd", exceptions=(kept,)), known("Off", "proc.name = dd", enabled=False),
             known("Broken", "proc.name ="), WIDE]  # fmt: skip
    excepted, off, broken, wide = contest(rules, EVENTS)
    assert (excepted.fires, wide.alerts) == (0, 2)
    assert "not enabled" in off.trouble
    assert broken.trouble


@pytest.mark.parametrize(("order", "first"), [("name", "Narrow"), ("priority", "Wide"), ("narrow", "Narrow")])
def test_rules_stand_in_the_order_that_is_asked_for(order, first):
    rules = [known("Wide", "proc.name in (rm, dd)", priority="CRITICAL"), NARROW]
    assert sorted(rules, key=ORDERS[order][1])[0].name == first


@pytest.mark.django_db
def test_the_page_compares_drafts_and_looks_closely_at_one(client, people):
    from studio.authoring import edits, services
    from studio.authoring.services import Seen

    client.force_login(people.ada)
    for condition in ("spawned_process and proc.name = chattr", "spawned_process and proc.name in (chattr, rm)"):
        draft = services.create(people.team, people.ada, (), f"Rule {condition[-5:]}")
        services.edit(draft.pk, Seen(people.ada, people.team, 1), edits.set_condition(condition))
    assert "No rules to compare yet" in client.get("/lab/rules/").content.decode()
    page = client.get("/lab/rules/?which=all").content.decode()
    assert "2 rules" in page
    close = client.get(f"/lab/rules/?which=all&rule=draft-{draft.pk}&order=narrow").content.decode()
    assert "on the same events" in close
    part = client.get(f"/lab/rules/?rule=draft-{draft.pk}&part=1").content.decode()
    assert "<html" not in part
    assert "is heard on each" in part
    assert client.get("/lab/rules/?rule=draft-999").status_code == 404
    assert client.get("/lab/rules/?which=x&events=y&order=z").status_code == 200
    for events in ("life", "kept"):
        assert client.get(f"/lab/rules/?which=all&events={events}").status_code == 200


@pytest.fixture
def drafts(client, people):
    from studio.authoring import edits, services
    from studio.authoring.services import Seen

    client.force_login(people.ada)
    made = []
    for tool in ("chattr", "mkfs.ext4", "rm"):
        draft = services.create(people.team, people.ada, (), f"Sees {tool}")
        services.edit(
            draft.pk, Seen(people.ada, people.team, 1), edits.set_condition(f"spawned_process and proc.name = {tool}")
        )
        made.append(f"draft-{draft.pk}")
    return made


def compared(answer):
    return [one.rule.name for one in answer.context["contestants"]]


@pytest.mark.django_db
def test_single_rules_behaviours_and_pasted_ones_stand_against_one_another(client, drafts):
    chosen = f"/lab/rules/?which=chosen&pick={drafts[0]}&pick={drafts[2]}"
    assert compared(client.get(chosen)) == ["Sees chattr", "Sees rm"]
    both = client.get(f"{chosen}&behaviours=t1490-chattr-immutable")
    assert compared(both) == ["Make files immutable", "Sees chattr", "Sees rm"]
    assert "/behaviours/t1490-chattr-immutable/" in both.content.decode()
    assert len(compared(client.get("/lab/rules/?which=chosen&behaviours=T1490"))) > 9
    text = "- rule: A wide one\n  desc: d\n  condition: spawned_process\n  output: o\n  priority: INFO\n"
    pasted = client.post("/lab/rules/", {"which": "chosen", "pick": [drafts[2]], "text": text})
    assert compared(pasted) == ["A wide one", "Sees rm"]
    assert [one.rule.name for one in pasted.context["never_heard"]] == ["Sees rm"]
    assert 'name="pick" value="' + drafts[2] in pasted.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"text": "- rule: x\n  condition: ["}, "Line"),
        ({"text": "x" * 200_001}, "longer than 200,000 characters"),
        ({"behaviours": "t1490-nothing"}, "There is no behaviour"),
    ],
)
def test_what_can_not_be_compared_is_named_and_kept(client, drafts, data, says):
    answer = client.post("/lab/rules/", {"which": "all", **data})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert len(compared(answer)) == 3
