"""Who looks after a rule, and rules files that are imported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.urls import reverse


class Ownership(models.Model):
    """A rule's owner, where somebody was named; else its author looks after it. Only library.services writes here."""

    draft = models.OneToOneField("authoring.Draft", on_delete=models.CASCADE, related_name="ownership")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="owned_rules")
    since = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.owner} looks after {self.draft}"


class RulesFile(models.Model):
    """An import: an upload, the plan that the worker makes of it, and its outcome. Only library.import_jobs and
    library.import_services write here; the row is the truth of the progress.

    `data`: the upload until the worker has read it; `files`: [[name, text], …] in the order of loading. `digest`: of
    the upload. `placing`: where macros and lists go (importing.Placing). `request`: grows with each request to read, so
    that the answer to an earlier one is dropped. `plan_key`: what the plan was made from; with another key it is out of
    date. `plan`: what the plan says of the file as a whole. `version`: grows with each change of the choices,
    `changed_by` made the last. `reasons`: [[message, line, column], …] why Falco cannot read the file. `outcome`: what
    became of each item. `submission`: [[name, url, submitted, message], …].
    """

    class State(models.TextChoices):
        READING = "reading", "Reading"
        READY = "ready", "Ready to import"
        IMPORTING = "importing", "Importing"
        IMPORTED = "imported", "Imported"
        FAILED = "failed", "Failed"

    class Submission(models.TextChoices):
        NONE = "", "Not submitted"
        RUNNING = "running", "Submitting for review"
        DONE = "done", "Submitted for review"

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="rules_files")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    data = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    files = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    stage = models.CharField(max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)
    reasons = models.JSONField(default=list)
    placing = models.JSONField(default=dict)
    request = models.PositiveIntegerField(default=1)
    plan_key = models.CharField(max_length=64, blank=True)
    plan = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=list)
    submission_state = models.CharField(max_length=10, blank=True, choices=Submission.choices, default=Submission.NONE)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submission = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["reading", "ready", "importing", "imported", "failed"]),
                name="rules_file_state_known",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="rules_file_percent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:import_file", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has something to do before a person can go on."""
        return self.state in {self.State.READING, self.State.IMPORTING}

    @property
    def progress(self) -> dict[str, Any]:
        """`percent` and `stage`; from the cache while the import is carried out, whose transaction holds the row."""
        told = cache.get(self.progress_key) if self.state == self.State.IMPORTING else None
        return told or {"percent": self.percent, "stage": self.stage}

    @property
    def progress_key(self) -> str:
        """The cache's key of the progress of carrying it out."""
        return f"import-progress-{self.pk}"


class ImportItem(models.Model):
    """A rule, macro or list of a file, as the plan has it. Only library.import_jobs writes here.

    `key`: its name in choices. `choices`: what can be done with it, the suggestion first; `choice` what will be done,
    `by_hand` whether a person chose it. `verdict`: what Falco says of a rule. `text`: its condition, or a list's items.
    """

    class Verdict(models.TextChoices):
        LOADS = "loads", "Loads"
        WARNINGS = "warnings", "Loads with warnings"
        REJECTED = "rejected", "Rejected by Falco"

    file = models.ForeignKey(RulesFile, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    key = models.TextField()
    kind = models.CharField(max_length=5)
    name = models.TextField()
    standing = models.CharField(max_length=10)
    choices = models.JSONField()
    choice = models.CharField(max_length=10)
    by_hand = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    has_findings = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="import_item_position_once")]

    def __str__(self) -> str:
        return self.key
