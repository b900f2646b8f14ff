"""Lints that a team does without."""

from __future__ import annotations

from django.conf import settings
from django.db import models

#: The longest reason, here and for a single rule.
LONGEST_REASON = 300


class SwitchedOff(models.Model):
    """A lint that is off for all rules of a team; while it is on there is no row. Only lints.services writes here."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="lints_off")
    code = models.CharField(max_length=80)
    reason = models.CharField(max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["team", "code"], name="lint_off_once")]

    def __str__(self) -> str:
        return self.code
