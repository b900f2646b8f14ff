"""Releases: what left the studio under one version, exactly as it was."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from rules_export.compare.semver import order
from studio.packs.models.pack import Pack

#: What never changes after the first save.
FROZEN = (
    "pack_id", "version", "title", "description", "mode", "members", "changelog", "earlier",
    "attack_version", "published_at", "origin", "reasons", "exception", "version_reason", "made_by_id",
)  # fmt: skip


#: What lists of releases do without: much, in a release of thousands of rules.
HEAVY = ("members", "earlier", "changelog", "reasons", "findings", "files", "summary")


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, whole or light."""

    def light(self) -> ReleaseQuerySet:
        """Without what is heavy; it is read where it is asked for."""
        return self.defer(*HEAVY)

    def out(self) -> ReleaseQuerySet:
        """Those that hosts may run: ready, and neither yanked nor rolled back."""
        return self.filter(state="done", yanked_at=None, rolled_back_at=None)


class FrozenReleaseError(RuntimeError):
    """Somebody tried to change what was released."""


class Release(models.Model):
    """A pack under a version. Only services write here; the row is the truth of the progress.

    `members`: the rules as they were (studio.packs.snapshot). `reasons`: [{level, item, says}]. `exception`: why rules
    that nobody approved are in it. `version_reason`: why the version is below the proposed one. `changelog`: of this
    release; `earlier`: of those before it. `files`: path → {sha256, size}; the bytes lie in the store by their digest.
    `origin`: who released it, from which Mews, and the pack's license and addresses (snapshot.origin_of). `summary`:
    engine, plugins, macros and lists. A release is yanked, never deleted. `rolled_back_to`: the earlier release that a
    rollback returned to; this one stays valid to return to, but no channel, tag or branch has it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    mode = models.CharField(max_length=12, choices=Pack.Mode.choices)
    members = models.JSONField()
    changelog = models.TextField(blank=True, max_length=20_000)
    earlier = models.TextField(blank=True)
    attack_version = models.CharField(max_length=16, blank=True)
    published_at = models.CharField(max_length=200, blank=True)
    origin = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    exception = models.TextField(blank=True, max_length=1000)
    version_reason = models.TextField(blank=True, max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    findings = models.JSONField(default=list)
    trouble = models.TextField(blank=True)
    files = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)
    yanked_at = models.DateTimeField(null=True)
    yanked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    yank_reason = models.TextField(blank=True, max_length=1000)
    rolled_back_at = models.DateTimeField(null=True)
    rolled_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    rolled_back_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    rollback_reason = models.TextField(blank=True, max_length=1000)
    falco_check = models.ForeignKey("verdicts.FalcoCheck", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "version"],
                condition=~models.Q(state__in=["refused", "failed"]),
                name="release_version_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "refused", "failed"]),
                name="release_state_known",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="release_percent"),
            models.CheckConstraint(
                condition=models.Q(yanked_at__isnull=True) | ~models.Q(yank_reason=""), name="release_yank_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(rolled_back_at__isnull=True) | ~models.Q(rollback_reason=""),
                name="release_rollback_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack.name} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new release, or how far it is. Raises FrozenReleaseError for a change of anything else."""
        changed = kwargs.get("update_fields")
        if self.pk and (changed is None or set(changed) & set(FROZEN)):
            before = type(self).objects.values(*FROZEN).get(pk=self.pk)
            if any(before[name] != getattr(self, name) for name in FROZEN):
                raise FrozenReleaseError("A release is never changed; make a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("packs:release", args=[self.pack.name, self.pk])

    @property
    def is_over(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    @property
    def history(self) -> str:
        """The changelog of this and all earlier releases, as Markdown."""
        own = f"## {self.version}\n\n{self.changelog.strip() or 'No words.'}"
        return f"{own}\n\n{self.earlier}".strip()

    @property
    def bundles(self) -> list[str]:
        """Names of the archives that hold everything."""
        return [path for path in self.files if "/" not in path and path.startswith(f"{self.pack.name}-{self.version}.")]

    @property
    def superseded_by(self) -> Release | None:
        """The newest release that takes this one's place: ready, not yanked or rolled back, of a higher version; for a
        release proper only releases proper."""
        ready = Release.objects.light().out().filter(pack=self.pack_id)
        newer = [
            one
            for one in ready.exclude(pk=self.pk).select_related("pack")
            if one.sort_key > self.sort_key and (self.is_candidate or not one.is_candidate)
        ]
        return max(newer, key=lambda one: one.sort_key, default=None)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was yanked or rolled back."""
        return bool(self.yanked_at or self.rolled_back_at)

    @property
    def is_candidate(self) -> bool:
        """Whether the version is a pre-release."""
        return "-" in self.version

    @property
    def channel(self) -> str:
        """The narrowest channel that has the release."""
        return "candidate" if self.is_candidate else "stable"

    @property
    def sort_key(self) -> Any:
        """Sorts releases by their versions."""
        return order(self.version)
