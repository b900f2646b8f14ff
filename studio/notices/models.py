"""Notices, how each person wants them mailed, and webhooks with the log of what they delivered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Kind(models.TextChoices):
    """What happened."""

    HANDED_IN = "handed_in", "Handed in"
    ASKED = "asked", "Asked to review"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"
    COMMENT = "comment", "Comment"
    MENTION = "mention", "Mention"
    DEPRECATED = "deprecated", "Deprecated"
    EXPIRES = "expires", "An exception expires"
    ACCOUNT = "account", "Your account"
    DELIVERY = "delivery", "A delivery failed"
    YANKED = "yanked", "A release was yanked"
    ROLLBACK = "rollback", "A pack was rolled back"


class Way(models.TextChoices):
    """How a kind of notice reaches a person beside the bell."""

    AT_ONCE = "now", "At once"
    DAILY = "daily", "Once a day"
    NEVER = "never", "Never"


#: What holds for who has not chosen: at once where somebody waits for the person, else once a day.
USUAL: dict[str, Way] = {
    Kind.ASKED: Way.AT_ONCE,
    Kind.APPROVED: Way.AT_ONCE,
    Kind.CHANGES: Way.AT_ONCE,
    Kind.MENTION: Way.AT_ONCE,
    Kind.ACCOUNT: Way.AT_ONCE,
    Kind.DELIVERY: Way.AT_ONCE,
    Kind.YANKED: Way.AT_ONCE,
}


class Choice(models.Model):
    """How one person wants one kind of notice mailed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    way = models.CharField(max_length=8, choices=Way)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notices_one_choice"),
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="notices_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"


class Notice(models.Model):
    """One thing that one person should know. `text` is a sentence, `excerpt` what was said, `url` where to see it."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=500)
    excerpt = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    for_digest = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["to", "team", "read_at"], name="notice_unread")]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="notice_kind_known")]

    def __str__(self) -> str:
        return self.text


class Event(models.TextChoices):
    """What webhooks tell of."""

    HANDED_IN = "rule.handed_in", "A rule was handed in"
    APPROVED = "rule.approved", "A rule was approved"
    CHANGES = "rule.changes_requested", "Changes were requested"
    COMMENTED = "rule.commented", "Somebody commented"
    RELEASED = "release.published", "A release was published"
    YANKED = "release.yanked", "A release was yanked"
    ROLLED_BACK = "release.rolled_back", "A pack was rolled back to an earlier release"
    DELIVERY_FAILED = "delivery.failed", "A delivery failed"


#: Sent by the button, to webhooks whatever they chose.
TRIAL = "mews.trial"


class Webhook(models.Model):
    """An address elsewhere that is told what happens in the team. `secret` and `url` are kept sealed."""

    class Shape(models.TextChoices):
        GENERIC = "generic", "JSON, signed as Standard Webhooks say"
        SLACK = "slack", "A message for Slack, Mattermost or Rocket.Chat"

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    sealed_url = models.TextField()
    sealed_secret = models.TextField()
    shape = models.CharField(max_length=8, choices=Shape, default=Shape.GENERIC)
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="notices_webhook_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notices:webhook", args=[self.pk])


class WebhookDelivery(models.Model):
    """One event on its way to one webhook, and what each try brought. The row is the truth, the task carries it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Delivered"
        FAILED = "failed", "Failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True)
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(null=True, default=timezone.now, db_index=True)
    tries = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "done", "failed"]), name="notices_delivery_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"

    @property
    def last(self) -> dict[str, Any]:
        """The newest try: at, status (0 for no answer), words, ms."""
        return dict(self.tries[-1]) if self.tries else {}
