"""A catalogue with the techniques of our stories, and a draft of Ada's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from studio.attack.models import Platform, Tactic, Technique
from studio.authoring import services
from studio.authoring.models import Draft

#: The behaviours of the article that the product grew from, by id.
ARTICLE = (
    "t1490-rm-recursive-force",
    "t1490-chattr-immutable",
    "t1490-mkfs-nodiscard",
    "t1490-remount-readonly",
    "t1490-disable-systemd-backlight",
    "t1490-disable-apport",
    "t1490-disable-rescue",
    "t1490-disable-emergency",
    "t1490-disable-recovery-mode",
)


def technique(attack_id: str, name: str, tactic: Tactic, **more) -> Technique:
    row = Technique.objects.create(
        attack_id=attack_id, stix_id=f"attack-pattern--{attack_id}", name=name, search_name=name.lower(),
        search_text=f"{attack_id} {name}".lower(), is_subtechnique="." in attack_id, **more,
    )  # fmt: skip
    row.tactics.add(tactic)
    row.platforms.add(Platform.objects.get_or_create(name="Linux")[0])
    return row


@pytest.fixture
def catalogue(db):
    impact = Tactic.objects.create(attack_id="TA0040", stix_id="x--40", name="Impact", slug="impact", position=0)
    return {
        "T1490": technique("T1490", "Inhibit System Recovery", impact),
        "T1485": technique("T1485", "Data Destruction", impact),
        "T1488": technique("T1488", "Disk Content Wipe", impact, revoked=True),
    }


@dataclass
class Desk:
    """An author at work on one draft, over HTTP."""

    client: Client
    draft: Draft

    def url(self, step: str) -> str:
        return f"/drafts/{self.draft.pk}/{step}/"

    def now(self) -> Draft:
        self.draft.refresh_from_db()
        return self.draft

    def post(self, step: str, *, htmx: bool = False, **data):
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.url(step), {"version": self.now().version, **data}, headers=headers)

    def write_article(self) -> None:
        """All steps of the article's rule."""
        for behaviour in ARTICLE:
            self.post("behaviours", action="choose", behaviour=behaviour)
        self.post("exceptions", action="new:root_user")
        self.post(
            "details", name="Disable recovery features", desc="Detects disabling recovery.", priority="CRITICAL",
            enabled="on", tags="mitre_impact, inhibit_system_recovery, T1490",
        )  # fmt: skip


@pytest.fixture
def draft(people, catalogue):
    return services.create(people.team, people.ada, ("T1490",))


@pytest.fixture
def desk(signed_in, draft):
    return Desk(signed_in, draft)
