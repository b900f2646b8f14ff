"""Destinations: where releases of a pack are pushed to. Deliveries: how that went, release by release."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.packs.models.channel import ChannelLink
from studio.packs.models.pack import Pack
from studio.packs.models.release import Release


class Destination(models.Model):
    """A git repository or a registry. Only services write here.

    `address`: as git takes it, or a repository of a registry (ghcr.io/acme/harbour). For git: `branch` is the one that
    is deployed from; with `own_branch` a release gets a branch of its own, for a merge request, which GitLab opens by
    itself with `asks_merge`; `folder` is where in the repository the files lie; `holds` which ones. A removed
    destination stays for its deliveries.
    """

    class Kind(models.TextChoices):
        GIT = "git", "Git repository"
        REGISTRY = "registry", "OCI registry"

    class Holds(models.TextChoices):
        RULES = "rules", "The rules file only"
        ALL = "all", "Everything: rules, catalogue, tests, manifests"

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="destinations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=80)
    address = models.CharField(max_length=300)
    channel = models.CharField(max_length=10, choices=ChannelLink.Channel.choices, default=ChannelLink.Channel.STABLE)
    automatic = models.BooleanField(default=True)
    branch = models.CharField(max_length=100, blank=True)
    own_branch = models.BooleanField(default=False)
    asks_merge = models.BooleanField(default=False)
    folder = models.CharField(max_length=200, blank=True)
    holds = models.CharField(max_length=5, choices=Holds.choices, default=Holds.RULES)
    signed_off_by = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["git", "registry"]), name="destination_kind_known"),
            models.CheckConstraint(
                condition=models.Q(channel__in=["stable", "candidate"]), name="destination_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.address})"

    @property
    def is_git(self) -> bool:
        """Whether it is a repository of git."""
        return self.kind == self.Kind.GIT

    @property
    def pk_text(self) -> str:
        """The key as text, for ids on a page."""
        return str(self.pk)

    def takes(self, release: Release) -> bool:
        """Whether the release goes there by itself: candidates only where they are wanted."""
        return self.automatic and (self.channel == ChannelLink.Channel.CANDIDATE or not release.is_candidate)


class Delivery(models.Model):
    """One release on its way to one destination. The row is the truth; `outcome` says what lies there now."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "On its way"
        DONE = "done", "Delivered"
        FAILED = "failed", "Failed"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deliveries")
    destination = models.ForeignKey(Destination, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.TextField(blank=True, max_length=1000)
    trouble = models.TextField(blank=True, max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["release", "destination"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="delivery_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} to {self.destination.label}"

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.state in {self.State.DONE, self.State.FAILED}
