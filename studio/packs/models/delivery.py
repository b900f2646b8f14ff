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


class Placement(models.Model):
    """A branch or a tag of a destination, and the release that it holds. Only the services of deliveries write here.

    `address` and `folder`: as they were when the release was written, since a destination can change. `name`: the
    branch or the tag. `is_moving`: whether a later release takes the name over (the deployed branch, latest, 1, 1.2);
    1.2.3 and a branch for a merge request do not move. `reference`: the commit or the digest.
    """

    destination = models.ForeignKey(Destination, on_delete=models.CASCADE, related_name="placements")
    address = models.CharField(max_length=300)
    folder = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    is_moving = models.BooleanField(default=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="placements")
    reference = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["destination", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["destination", "address", "folder", "name"], name="placement_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.destination.label}: {self.release}"

    @property
    def is_reachable(self) -> bool:
        """Whether Mews still writes there: the destination was neither removed nor pointed elsewhere."""
        place = self.destination
        if place.removed_at or (place.address, place.folder) != (self.address, self.folder):
            return False
        return not place.is_git or not self.is_moving or place.branch == self.name


class Delivery(models.Model):
    """One release on its way to one destination. The row is the truth; `outcome` says what lies there now.

    `kind`: whether the release is written there, or a release that was yanked or rolled back is replaced by the newest
    valid one. SUPERSEDED: a newer release is there or on its way. CANCELLED: the release was withdrawn, or the
    destination removed.
    """

    class Kind(models.TextChoices):
        PUSH = "push", "Delivery"
        RETRACT = "retract", "Retraction"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "On its way"
        DONE = "done", "Delivered"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded"
        CANCELLED = "cancelled", "Cancelled"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deliveries")
    destination = models.ForeignKey(Destination, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PUSH)
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
            models.UniqueConstraint(fields=["release", "destination", "kind"], name="delivery_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["push", "retract"]), name="delivery_kind_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed", "superseded", "cancelled"]),
                name="delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        retracts = self.kind == self.Kind.RETRACT
        return f"{self.release} {'retracted from' if retracts else 'to'} {self.destination.label}"

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    @property
    def again(self) -> str:
        """The button that does it again; "" where it cannot be done again."""
        withdrawn = self.release.is_withdrawn
        retracts = self.kind == self.Kind.RETRACT
        if (
            not self.is_over
            or self.destination.removed_at
            or retracts != withdrawn
            or self.state == self.State.SUPERSEDED
        ):
            return ""
        if retracts:
            return "Try again" if self.state == self.State.FAILED else ""
        return "Try again" if self.state == self.State.FAILED else "Push again"
