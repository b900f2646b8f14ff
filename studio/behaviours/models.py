"""Behaviours that a team wrote itself, version by version. Only behaviours.own.services writes here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class State(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: States in which somebody still works on a version.
OPEN = (State.DRAFT, State.IN_REVIEW)

#: States of a version that was approved and is not retired.
PASSED = (State.APPROVED, State.SUPERSEDED)


class OwnBehaviour(models.Model):
    """A behaviour of a team. `slug` is the id under which its files name it; it never changes."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="own_behaviours")
    slug = models.CharField(max_length=80)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="own_behaviour_slug_once")]

    def __str__(self) -> str:
        return self.slug


class OwnVersion(models.Model):
    """What one version says: `record` as in a library file, with `title`, `techniques` and `sound` repeated from it.

    `number` counts from 1 within the behaviour, `edition` the saves of a version, against lost updates. `digest` is of
    the record. `sound`: it proves all that it has to. `editors` wrote in it; none of them may approve it. What a
    version says is changed only while it is a draft.
    """

    behaviour = models.ForeignKey(OwnBehaviour, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    edition = models.PositiveIntegerField(default=1)
    record = models.JSONField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    techniques = models.CharField(max_length=400, blank=True)
    sound = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["behaviour", "number"], name="own_version_number_once"),
            models.UniqueConstraint(
                fields=["behaviour"], condition=models.Q(state__in=["draft", "in_review"]), name="own_version_one_open"
            ),
            models.UniqueConstraint(
                fields=["behaviour"], condition=models.Q(state="approved"), name="own_version_one_approved"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="own_version_state_known"),
            models.CheckConstraint(
                condition=models.Q(sound=True) | models.Q(state__in=["draft", "withdrawn"]), name="own_version_proved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a draft, or the state of any. Raises RuntimeError for a change of what was handed in."""
        if self.pk:
            before = type(self).objects.values("state", "digest").get(pk=self.pk)
            if before["state"] != State.DRAFT and before["digest"] != self.digest:
                raise RuntimeError("A version that was handed in is never changed; make a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("behaviours:own", args=[self.pk])

    @property
    def reference(self) -> str:
        """The id under which rules name this version."""
        return f"{PREFIX}{self.pk}"

    @property
    def technique_list(self) -> list[str]:
        """ATT&CK's ids."""
        return self.techniques.split()


#: What the ids of a team's versions begin with; no behaviour that is built in is called so.
PREFIX = "own-"
