"""The one table of notices."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Kind(models.TextChoices):
    """What happened."""

    HANDED_IN = "handed_in", "Handed in"
    ASKED = "asked", "Asked to review"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"
    COMMENT = "comment", "Comment"
    MENTION = "mention", "Mention"
    DEPRECATED = "deprecated", "Deprecated"


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

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["to", "team", "read_at"], name="notice_unread")]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="notice_kind_known")]

    def __str__(self) -> str:
        return self.text
