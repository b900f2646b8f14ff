"""Drafts: a rule on its way, with the history that undo and redo walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from studio.authoring.content import MAX_TITLE, RuleContent, from_json, needing
from studio.definitions import queries as definitions

if TYPE_CHECKING:
    from datetime import datetime

#: Snapshots kept with each draft; undo reaches back this many changes less one.
HISTORY = 100

#: Versions whose content is kept, so that a stale write can be merged with what came since.
VERSIONS = 64

UNTITLED = "Untitled rule"


class Draft(models.Model):
    """A rule that is being written. Only authoring.services writes here.

    `version` grows by one with every write and guards against lost updates. `position` is the number of the snapshot
    that shows the present content. `title` (for display: a long name is shortened), `techniques` (ids, space separated)
    and `complete` (no step lacks anything) repeat the content for lists and search. `handed_in` is the version that
    lies in review, or None.
    `copied_from`: the draft whose text it began with.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    samples = models.OneToOneField("lab.SampleSet", on_delete=models.PROTECT, related_name="draft")
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    techniques = models.CharField(max_length=400, blank=True)
    complete = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    handed_in = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=1)
    last_step = models.CharField(max_length=20, default="technique")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-updated", "-id"]
        indexes = [
            models.Index(fields=["team", "deleted_at", "-updated"], name="draft_by_team"),
            # all that the palette reads while somebody types, so that no content is touched
            models.Index(fields=["team", "deleted_at", "-updated", "title", "techniques"], name="draft_names"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(version__gte=1), name="draft_version_from_1")]

    def __str__(self) -> str:
        return self.display_title

    @property
    def display_title(self) -> str:
        """The name of the rule, or words for having none yet."""
        return self.title or UNTITLED

    def rule_content(self) -> RuleContent:
        """The content as a value, with what it needs of the team's macros and lists as they are now."""
        return needing(from_json(self.content), definitions.own(self.team_id))

    @property
    def rule_set(self) -> str:
        """The short name of the imported rule set that the rule belongs to, "" for the team's own."""
        return str(self.content.get("rule_set", ""))


class DraftSnapshot(models.Model):
    """The content after one change, so that undo is a step back. `field` tells which changes may merge into one."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    label = models.CharField(max_length=120)
    field = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="snapshot_number_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class DraftVersion(models.Model):
    """The content of a draft at one version, kept a while: what two people who wrote at once both began from."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class DraftWriter(models.Model):
    """Someone who contributed to a draft, and when. Only authoring.services writes here.

    Who may approve follows from this table: it outlives undo, which forgets snapshots, and archives of the audit log.
    `went_back_at`: when this person last undid or redid a change.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="writers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    last_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    went_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="draft_writer_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.draft}"


class DraftPresence(models.Model):
    """Who has a draft open, at which step, and when that was last known. Only authoring.presence writes here."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=20)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.step}"
