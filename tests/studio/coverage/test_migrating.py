"""Rules move from ATT&CK 18 to 19: every change is shown, chosen, and made as an edit of the draft."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.authoring import services as authoring
from studio.coverage import crosswalk, migrating
from tests.studio.coverage.test_pages import draft

URL = "/coverage/attack-19/"
EVASION = "mitre_defense_evasion"


@pytest.mark.parametrize(
    ("techniques", "tags", "choice", "ids", "after"),
    [
        (
            ["T1562.004"],
            ["host", EVASION, "T1562.004"],
            "impairment",
            ["T1686"],
            ["host", "mitre_defense_impairment", "T1686"],
        ),
        (["T1014"], [EVASION, "T1014"], "stealth", ["T1014"], ["mitre_stealth", "T1014"]),
        (["T1014", "T1562"], [EVASION], "both", ["T1014", "T1685"], ["mitre_stealth", "mitre_defense_impairment"]),
        (["T1562", "T1562.001"], ["T1562", "T1562.001"], "keep", ["T1685"], ["T1685"]),
        ([], [EVASION], "keep", [], [EVASION]),
        ([], [EVASION, "T1070.002"], "impairment", [], ["mitre_defense_impairment", "T1685.006"]),
        (["T1562.003"], ["impair_command_history_logging"], "keep", ["T1690"], ["prevent_command_history_logging"]),
    ],
)
def test_it_says_what_becomes_of_a_rule(techniques, tags, choice, ids, after):
    found = crosswalk.move(techniques, tags)
    assert found.default == choice
    assert crosswalk.moved(found, techniques, tags, choice) == (ids, after)


def test_it_takes_away_a_tactic_that_none_of_the_techniques_has_any_more():
    row = next(
        one
        for one in crosswalk.facts().values()
        if "persistence" in one.tactics_before and "persistence" not in one.tactics
    )
    assert crosswalk.move([row.technique], ["mitre_persistence"]).gone == ("mitre_persistence",)
    assert crosswalk.move([row.technique, "T1490"], ["mitre_persistence"]).gone == ()


def test_it_leaves_rules_alone_that_nothing_concerns():
    assert crosswalk.move(["T1490"], ["mitre_impact", "T1490"]).is_empty


def test_it_has_a_fact_for_every_technique_that_moved():
    found = crosswalk.facts()
    assert (len(found), sum(one.now != one.technique for one in found.values())) == (215, 17)
    assert all(one.tactics for one in found.values())


@pytest.mark.django_db
def test_it_changes_the_chosen_drafts_and_no_other(signed_in, people):
    first = draft(people, "T1562.004", EVASION, title="Firewall off")
    second = draft(people, "T1014", EVASION, title="Rootkit")
    for one, technique in ((first, "T1562.004"), (second, "T1014")):
        one.content |= {"techniques": [technique], "primary": technique}
        one.save()
    draft(people, "T1490", title="Recovery off")
    page = signed_in.get(URL).content.decode()
    assert ("Firewall off" in page, "Rootkit" in page, "Recovery off" in page) == (True, True, False)
    assert "T1686 is under Defense Impairment." in page
    data = {"draft": first.pk, f"version-{first.pk}": first.version, f"choice-{first.pk}": "impairment"}
    answer = signed_in.post(URL, data, follow=True).content.decode()
    assert "1 draft changed." in answer
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.content["techniques"], first.content["primary"]) == (["T1686"], "T1686")
    assert first.content["tags"] == ["T1686", "mitre_defense_impairment"]
    assert second.content["techniques"] == ["T1014"]
    assert [one.draft.title for one in migrating.proposals(people.team)] == ["Rootkit"]
    authoring.step_in_history(first.pk, authoring.Seen(people.ada, people.team, first.version), forward=False)
    first.refresh_from_db()
    assert first.content["techniques"] != ["T1686"], "one step of undo brings it back"


@pytest.mark.django_db
def test_it_leaves_alone_what_somebody_else_changed_meanwhile(client, signed_in, people):
    made = draft(people, "T1014", EVASION, title="Rootkit")
    data = {"draft": made.pk, f"version-{made.pk}": made.version + 5, f"choice-{made.pk}": "stealth"}
    assert "left alone: Rootkit" in signed_in.post(URL, data, follow=True).content.decode()
    assert "No rule was chosen" in signed_in.post(URL, {"draft": "x"}, follow=True).content.decode()
    data = {"draft": made.pk, f"version-{made.pk}": made.version, f"choice-{made.pk}": "nonsense"}
    signed_in.post(URL, data)
    client.force_login(people.sam)
    client.post(URL, {**data, f"choice-{made.pk}": "stealth"})
    made.refresh_from_db()
    assert made.content["tags"] == ["T1014", EVASION]
    client.force_login(people.vic)
    assert client.get(URL).status_code == 403
    assert reverse("coverage:migrate") == URL
