"""Revisions: what was handed in for review, exactly as it was, under the hash of its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from studio.authoring import frozen_parts
from studio.authoring.content import RuleContent, from_json
from studio.review.lifecycle import State
from studio.review.parts import PLACES

#: What never changes after the first save.
FROZEN = (
    "team_id", "draft_id", "number", "content", "frozen", "content_hash", "yaml", "name", "summary", "note", "required",
    "handed_in_by_id",
)  # fmt: skip

#: Characters of a comment, and of a text that it suggests.
MOST_TEXT = 4000
MOST_SUGGESTION = 20_000


class FrozenRevisionError(RuntimeError):
    """Somebody tried to change what was handed in."""


class Revision(models.Model):
    """A draft's content at one moment. Only review.services writes here.

    `number` counts from 1 within the draft. `frozen`: the team's behaviours and the sample events that the rule used at
    submission. `content_hash`: SHA-256 over the canonical JSON of content and `frozen`, in hexadecimal.
    `summary`: what the verdict and the lab said then, and which of the behaviours nobody had approved by then.
    `required`: approvals it needs, the team's number at that time.
    `contributors`: who handed it in or wrote any of it since the last approval; none of them may approve.
    `reviewers` are those who were asked; others may decide all the same. `approved_at` stays when a later approval
    supersedes it. `deprecated_because`: a maintainer's reason, while it is deprecated. `first_expiry`: the
    earliest last day of its exceptions.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="revisions")
    draft = models.ForeignKey("authoring.Draft", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.JSONField()
    frozen = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, db_index=True)
    yaml = models.TextField()
    summary = models.JSONField(default=dict)
    note = models.TextField(blank=True, max_length=2000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_REVIEW)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions")
    handed_in_at = models.DateTimeField(auto_now_add=True)
    required = models.PositiveSmallIntegerField(default=1)
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    reviewers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    deprecated_because = models.CharField(max_length=500, blank=True)
    first_expiry = models.DateField(null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-handed_in_at", "-id"]
        indexes = [
            models.Index(fields=["team", "state", "-handed_in_at"], name="revision_by_team"),
            # all that the palette reads while somebody types, so that no content is touched
            models.Index(fields=["team", "state", "-handed_in_at", "name", "draft"], name="revision_names"),
            models.Index(fields=["team", "state", "first_expiry"], name="revision_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["draft"], condition=models.Q(state="in_review"), name="revision_one_in_review"
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=models.Q(state="approved"), name="revision_one_approved"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="revision_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approved_at__isnull=False),
                name="revision_approved_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="deprecated") ^ models.Q(deprecated_because=""),
                name="revision_deprecated_why",
            ),
            models.CheckConstraint(condition=models.Q(required__gte=1), name="revision_required_from_1"),
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
        """The content as a value, with the behaviours and sample events of its submission."""
        return from_json(self.frozen_content)

    @property
    def frozen_content(self) -> dict[str, Any]:
        """The content with all that was frozen beside it. Nothing of it is ever read from elsewhere."""
        return {frozen_parts.BEHAVIOURS: [], frozen_parts.SAMPLES: [], **self.content, **self.frozen}

    @property
    def reviewed_behaviours(self) -> list[str]:
        """Ids of the frozen behaviours that nobody had approved at submission, and that are reviewed with the rule."""
        return list(self.summary.get("unapproved_behaviours", ()))


class Verdict(models.TextChoices):
    """What a reviewer decides."""

    APPROVE = "approve", "Approved"
    CHANGES = "changes", "Requested changes"


class Decision(models.Model):
    """One reviewer's word on one revision, never changed. Only review.decisions writes here.

    `content_hash` is the content that the reviewer had before them. `override`: why an administrator approved what
    they had a hand in; empty for everybody else.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    note = models.TextField(blank=True, max_length=4000)
    override = models.TextField(blank=True, max_length=1000)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "by", "verdict"], name="decision_once"),
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="decision_known"),
            models.CheckConstraint(
                condition=models.Q(verdict="approve") | models.Q(override=""), name="decision_override_approves"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="approve") | ~models.Q(note=""), name="decision_changes_say_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.get_verdict_display().lower()}: {self.revision}"


class Thread(models.Model):
    """A conversation about one place of a revision. Only review.talk writes here.

    `place` is a slug of review.parts, "whole" or "line"; `line` counts the YAML's lines from 1 and is there only then.
    `spot` is the key of a clause or of an exception's row (review.spots), `about` its words; both are empty elsewhere.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="threads")
    place = models.CharField(max_length=10, choices=PLACES)
    line = models.PositiveIntegerField(null=True)
    spot = models.CharField(max_length=400, blank=True)
    about = models.CharField(max_length=200, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=[slug for slug, _ in PLACES]), name="thread_place_known"
            ),
            models.CheckConstraint(
                condition=models.Q(place="line", line__gte=1) | (~models.Q(place="line") & models.Q(line=None)),
                name="thread_line_of_yaml",
            ),
            models.CheckConstraint(
                condition=models.Q(place__in=("clause", "row")) ^ models.Q(spot=""), name="thread_spot_of_part"
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_by=None, resolved_at=None)
                | models.Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="thread_resolved_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} of {self.revision}"

    def get_absolute_url(self) -> str:
        view = "?tab=yaml" if self.place == "line" else ""
        return f"{self.revision.get_absolute_url()}{view}#thread-{self.pk}"

    @property
    def where(self) -> str:
        """The place in words."""
        if self.spot:
            return self.about[:1].upper() + self.about[1:]
        return f"Line {self.line}" if self.place == "line" else str(self.get_place_display())

    @property
    def address(self) -> str:
        """Where it hangs as one word: a part's slug, "line 12", or a spot's address."""
        if self.spot:
            return f"{self.place} {self.spot}"
        return f"line {self.line}" if self.line else str(self.place)


class Comment(models.Model):
    """What one person said in a thread. Only review.talk writes here.

    `suggestion` is a text to put in the place of the thread's part, None where nothing is suggested.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=MOST_TEXT)
    suggestion = models.TextField(null=True, max_length=MOST_SUGGESTION)  # noqa: DJ001 - an empty text is a suggestion too
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.author} on {self.thread}"


class RuleTerms(models.Model):
    """What the search over approved rules looks through (studio.review.terms), in a table that is quick to scan."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="terms")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text.split("\n", 1)[0]


class Assigning(models.TextChoices):
    """Who is asked when a rule is handed in."""

    NOBODY = "nobody", "Nobody: whoever has time"
    OWNERS = "owners", "The owners of its tactics, else in turn"
    TURN = "turn", "In turn"


class AssignmentPolicy(models.Model):
    """How a team asks for reviews; a team without one asks nobody. Only review.assigning writes here."""

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="assignment")
    how = models.CharField(max_length=8, choices=Assigning.choices, default=Assigning.NOBODY)

    def __str__(self) -> str:
        return f"{self.team}: {self.get_how_display()}"


class TacticOwner(models.Model):
    """Who is asked first about rules of a tactic; `tactic` is its short name ("impact")."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="tactic_owners")
    tactic = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["tactic", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "tactic", "person"], name="tactic_owner_once")]

    def __str__(self) -> str:
        return f"{self.person} for {self.tactic}"
