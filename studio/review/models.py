"""Revisions: what was handed in for review, exactly as it was, under the hash of its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from studio.authoring.content import RuleContent, from_json


class State(models.TextChoices):
    """Where a revision stands."""

    IN_REVIEW = "in_review", "In review"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


#: From which state a revision may go to which. What is not here does not happen.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    State.IN_REVIEW: frozenset({State.WITHDRAWN, State.SUPERSEDED}),
    State.WITHDRAWN: frozenset(),
    State.SUPERSEDED: frozenset(),
}

#: What never changes after the first save.
FROZEN = ("team_id", "draft_id", "number", "content", "content_hash", "yaml", "name", "summary", "handed_in_by_id")


class FrozenRevisionError(RuntimeError):
    """Somebody tried to change what was handed in."""


class Revision(models.Model):
    """A draft's content at one moment. Only review.services writes here.

    `number` counts from 1 within the draft. `content_hash`: SHA-256 over the content's canonical JSON, in hexadecimal.
    `summary`: what the verdict and the lab said then.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="revisions")
    draft = models.ForeignKey("authoring.Draft", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, db_index=True)
    yaml = models.TextField()
    summary = models.JSONField(default=dict)
    note = models.TextField(blank=True, max_length=2000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_REVIEW)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions")
    handed_in_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-handed_in_at", "-id"]
        indexes = [models.Index(fields=["team", "state", "-handed_in_at"], name="revision_by_team")]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["draft"], condition=models.Q(state="in_review"), name="revision_one_in_review"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="revision_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new revision, or its state. Raises FrozenRevisionError for a change of anything else."""
        if self.pk:
            before = type(self).objects.values(*FROZEN).get(pk=self.pk)
            if any(before[name] != getattr(self, name) for name in FROZEN):
                raise FrozenRevisionError("A revision is never changed; hand in a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("review:revision", args=[self.pk])

    def rule_content(self) -> RuleContent:
        """The content as a value."""
        return from_json(self.content)
