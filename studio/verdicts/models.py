"""One row for each text that Falco was asked about, found again by its digest."""

from __future__ import annotations

from django.db import models


class FalcoCheck(models.Model):
    """Falco's verdict on rules files. `digest` is over the files as sent and our verdict; the row is the truth."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        DONE = "done", "Answered"
        FAILED = "failed", "No answer"

    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    ours_loads = models.BooleanField()
    ours_codes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    loads = models.BooleanField(null=True)
    complaints = models.JSONField(default=list)
    falco_version = models.CharField(max_length=200, blank=True)
    trouble = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.digest[:12]}"

    @property
    def agrees(self) -> bool | None:
        """Do Falco and we say the same? None where Falco gave no verdict."""
        return None if self.loads is None else self.loads == self.ours_loads
