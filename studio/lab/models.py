"""Sample events that people keep with a rule, what they expect of each, and runs of rules over uploaded files."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse


class Expectation(models.TextChoices):
    """What a rule must do with an event."""

    MATCH = "match", "must fire"
    NO_MATCH = "no_match", "must stay silent"


class SampleSet(models.Model):
    """The events kept with one rule."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"sample events {self.pk}"


class SampleEvent(models.Model):
    """One event by its fields (Falco's field names to values; a missing field is one without a value)."""

    set = models.ForeignKey(SampleSet, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=120)
    fields = models.JSONField()
    expectation = models.CharField(max_length=8, choices=Expectation.choices, default=Expectation.MATCH)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expectation__in=["match", "no_match"]), name="expectation_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How the lab names it among other samples."""
        return f"own-{self.pk}"


class LabRun(models.Model):
    """Rules tried on an uploaded file. Only services write here; the row is the truth of the progress.

    `rules`: as they were (studio.lab.packed), with key, name and address. `done`: bytes read; `events`: events tried;
    `fired`: those on which a rule fires. `samples`: the set that examples may be kept in. `result`: studio.lab.trying.
    """

    class Kind(models.TextChoices):
        EVENTS = "events", "Events, one JSON object a line"
        CAPTURE = "capture", "A capture, with the real Falco"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EVENTS)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    rules = models.JSONField(default=list)
    samples = models.ForeignKey(SampleSet, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    fired = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["team", "-asked_at"], name="lab_run_by_team")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "cancelled", "failed"]),
                name="lab_run_state_known",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["events", "capture"]), name="lab_run_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lab:run", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is, by bytes."""
        return min(100, 100 * self.done // self.size) if self.size else 0

    @property
    def path(self) -> Path:
        """Where the uploaded file lies as long as it is kept."""
        return Path(settings.VAR_DIR, "lab", f"{self.pk}.upload")

    @property
    def has_file(self) -> bool:
        """Whether it can be tried again."""
        return self.path.is_file()

    @property
    def rule_names(self) -> list[str]:
        """What was tried."""
        return [str(rule["name"]) or "Untitled rule" for rule in self.rules]

    @property
    def seconds(self) -> float | None:
        """How long the worker took."""
        if not self.started_at or not self.finished_at:
            return None
        return (self.finished_at - self.started_at).total_seconds()
