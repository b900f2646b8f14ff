"""Packs: which rules leave the studio together, under one name, for which Falco."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import reverse

from rules_export.catalog.versions import NEWEST, RELEASES
from rules_export.ruleset.model import PRIORITIES
from studio.accounts.models import Team

#: What falcoctl and Kubernetes both take as a name.
NAME = RegexValidator(r"^[a-z][a-z0-9-]{0,61}[a-z0-9]$", "Lower-case letters, digits and -, a letter first, 2 to 63.")

#: A repository of a registry, as ghcr.io/acme/harbour.
PUBLISHED_AT = RegexValidator(
    r"^[a-z0-9.-]+(:\d{1,5})?(/[a-z0-9]+([._-][a-z0-9]+)*)+$", "A registry and a repository, as ghcr.io/acme/harbour."
)

#: An SPDX expression, as Apache-2.0 or "MIT OR Apache-2.0".
LICENSE = RegexValidator(r"^[A-Za-z0-9.+()-]+( [A-Za-z0-9.+()-]+)*$", "An SPDX expression, such as Apache-2.0.")
ADDRESS = URLValidator(schemes=["http", "https"])


class Pack(models.Model):
    """A selection of rules. Only services write here.

    `by_query`: members are the team's rules that the query finds, now and at every release; else those chosen by hand.
    `version` grows by one with every write and guards against lost updates.
    """

    class Mode(models.TextChoices):
        OVERLAY = "overlay", "Overlay on Falco's default rules"
        STANDALONE = "standalone", "Standalone"

    class Query(models.TextChoices):
        ANY = "", "Any"
        APPROVED = "approved", "Approved only"
        HANDED_IN = "in_review", "Approved or in review"

    class Maturity(models.TextChoices):
        ANY = "", "Any"
        STABLE = "stable", "Stable"
        INCUBATING = "incubating", "Incubating or better"
        SANDBOX = "sandbox", "Sandbox or better"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="packs")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="packs")
    name = models.CharField(max_length=63, validators=[NAME])
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.OVERLAY)
    target = models.CharField(max_length=8, choices=[(one.falco, f"Falco {one.falco}") for one in RELEASES[::-1]],
                              default=NEWEST.falco)  # fmt: skip
    published_at = models.CharField(max_length=200, blank=True, validators=[PUBLISHED_AT])
    license = models.CharField(max_length=100, blank=True, validators=[LICENSE])
    documentation = models.CharField(max_length=300, blank=True, validators=[ADDRESS])
    source = models.CharField(max_length=300, blank=True, validators=[ADDRESS])
    by_query = models.BooleanField(default=False)
    query_technique = models.CharField(max_length=16, blank=True)
    query_tag = models.CharField(max_length=100, blank=True)
    query_maturity = models.CharField(max_length=12, blank=True, choices=Maturity.choices, default=Maturity.ANY)
    query_state = models.CharField(max_length=12, blank=True, choices=Query.choices, default=Query.ANY)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="pack_name_once"),
            models.CheckConstraint(condition=models.Q(mode__in=["overlay", "standalone"]), name="pack_mode_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("packs:pack", args=[self.name])


class PackMember(models.Model):
    """What a pack says of one rule: its place, and what it carries otherwise than the rule itself says."""

    class Switch(models.TextChoices):
        AS_WRITTEN = "", "As written"
        ON = "on", "Enabled"
        OFF = "off", "Disabled"

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="members")
    draft = models.ForeignKey("authoring.Draft", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    switch = models.CharField(max_length=3, blank=True, choices=Switch.choices, default=Switch.AS_WRITTEN)
    priority = models.CharField(max_length=13, blank=True, choices=[("", "As written"), *((p, p) for p in PRIORITIES)])

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["pack", "draft"], name="pack_member_once")]

    def __str__(self) -> str:
        return f"{self.draft} in {self.pack}"
