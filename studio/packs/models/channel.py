"""Links: an address of its own for each host fleet, under which the latest release is found, or the team's index."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.accounts.models import Team
from studio.packs.models.pack import Pack


class Link(models.Model):
    """An address with a secret in it. `token_hash`: SHA-256 of the secret, which is shown once and kept nowhere."""

    label = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def pk_text(self) -> str:
        """The key as text, for ids on a page."""
        return str(self.pk)


class ChannelLink(Link):
    """To the files of a pack's latest release."""

    class Channel(models.TextChoices):
        STABLE = "stable", "Stable: releases only"
        CANDIDATE = "candidate", "Candidate: pre-releases too"

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="links")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.STABLE)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(channel__in=["stable", "candidate"]), name="channel_known")
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.pack.name}, {self.channel})"

    @property
    def team(self) -> Team:
        """Whose pack it is."""
        return self.pack.team


class IndexLink(Link):
    """To the index of all of a team's packs, as falcoctl adds it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="index_links")

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.label} ({self.team}, index)"
