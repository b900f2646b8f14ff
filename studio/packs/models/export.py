"""An export run: which rules, as they were, became which file, at whose wish."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse

from studio.accounts.models import Team


class ExportRun(models.Model):
    """One wish to export. `rules` is the drafts' content at that moment; the row is the truth of the progress."""

    class Mode(models.TextChoices):
        OVERLAY = "overlay", "Overlay on Falco's default rules"
        STANDALONE = "standalone", "Standalone"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "Running"
        DONE = "done", "Ready"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="export_runs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="export_runs")
    requested_at = models.DateTimeField(auto_now_add=True)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    rules = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    trouble = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    falco_check = models.ForeignKey("verdicts.FalcoCheck", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="export_done_has_file", condition=~models.Q(state="done") | ~models.Q(digest="")
            ),
            models.CheckConstraint(name="export_percent", condition=models.Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("packs:run", args=[self.pk])

    @property
    def filename(self) -> str:
        """The name that Falco's packages reserve for local rules and never overwrite."""
        return "falco_rules.local.yaml"

    @property
    def path(self) -> Path:
        """Where the file lies: kept by its content, so that equal exports share one file."""
        return Path(settings.VAR_DIR, "exports", f"{self.digest}.yaml")

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    @property
    def rule_names(self) -> list[str]:
        return [str(rule.get("name") or "Untitled rule") for rule in self.rules]
