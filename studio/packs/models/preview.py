"""Previews: what a release of a large pack would be, as the worker found it."""

from __future__ import annotations

from django.db import models

from studio.packs.models.pack import Pack


class PackPreview(models.Model):
    """What the worker found, or how far it is. Only `previewing` writes here.

    key: the digest of all that the answer follows from; with another key the answer is an old one. told: the answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "Being worked out"
        DONE = "done", "Ready"
        FAILED = "failed", "Failed"

    pack = models.OneToOneField(Pack, on_delete=models.CASCADE, related_name="preview")
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="preview_state_known"
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="preview_percent"),
        ]

    def __str__(self) -> str:
        return f"Preview of {self.pack_id}"

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.state in {self.State.DONE, self.State.FAILED}
