"""Which revisions went out with which release."""

from __future__ import annotations

from django.db import models

from studio.packs.models.release import Release


class ReleasedRule(models.Model):
    """A revision in a release, so that a rule can say where it went. Only release_services writes here."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="rules")
    revision = models.ForeignKey("review.Revision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "revision"], name="released_rule_once")]

    def __str__(self) -> str:
        return f"{self.revision} in {self.release}"
