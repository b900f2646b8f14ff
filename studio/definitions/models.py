"""Macros and lists of a team and of its imported rule sets, with every text that they ever had."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse

from studio.definitions.values import KINDS, Term

if TYPE_CHECKING:
    from datetime import datetime


class Kind(models.TextChoices):
    """What a name may stand for."""

    MACRO = "macro", "Macro"
    LIST = "list", "List"


class Body(models.Model):
    """What a macro or a list says: `condition` of a macro, `items` of a list (texts)."""

    name = models.CharField(max_length=100)
    condition = models.TextField(blank=True)
    items = models.JSONField(default=list)
    description = models.TextField(blank=True, max_length=1000)

    class Meta:
        abstract = True


class Definition(Body):
    """One macro or list. Only definitions.services writes here.

    `version` grows by one with every write and guards against lost updates. A deleted one keeps its row and history,
    and its name is free again.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="definitions")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    updated: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"], condition=models.Q(deleted_at=None), name="definition_name_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="definition_kind_known"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="definition_version_from_1"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("definitions:definition", args=[self.pk])

    @property
    def term(self) -> Term:
        """As a value."""
        return Term(self.kind, self.name, self.condition, tuple(map(str, self.items)), self.description)


class DefinitionVersion(Body):
    """What a definition said after one write. `stamp` is never the same twice: it tells states of a team apart."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    definition = models.ForeignKey(Definition, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    stamp = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["team", "-id"], name="definition_state_of_team")]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="definition_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def term(self) -> Term:
        """As a value."""
        kind = self.definition.kind
        return Term(kind, self.name, self.condition, tuple(map(str, self.items)), self.description)


class RuleSet(models.Model):
    """An imported rule set: rules files whose macros and lists keep their names.

    Only definitions.rule_sets writes here. `slug` is how its drafts and revisions name it, and never changes. `version`
    is the number of its newest version.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="rule_sets")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "slug"], name="rule_set_slug_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="rule_set_version_from_1"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("definitions:rule_set", args=[self.slug])


class RuleSetVersion(models.Model):
    """A rule set after one import or change, never changed.

    `terms`: its macros and lists as JSON (definitions.values), in the order of the files. `words`: the words of its
    files that are none of its lists, and so stay values. `files`: [[name, text], …] as imported, in the order of
    loading. `stamp` is never the same twice.
    """

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="versions")
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    terms = models.JSONField(default=list)
    words = models.JSONField(default=list)
    files = models.JSONField(default=list)
    label = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stamp = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["team", "-id"], name="rule_set_state_of_team")]
        constraints = [models.UniqueConstraint(fields=["rule_set", "number"], name="rule_set_version_once")]

    def __str__(self) -> str:
        return f"{self.rule_set}, version {self.number}"
