"""Sample events that people keep with a rule, and what they expect the rule to do with each."""

from __future__ import annotations

from django.db import models


class Expectation(models.TextChoices):
    """What a rule must do with an event."""

    MATCH = "match", "must fire"
    NO_MATCH = "no_match", "must stay silent"


class SampleSet(models.Model):
    """The events kept with one rule."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"sample events {self.pk}"


class SampleEvent(models.Model):
    """One event by its fields (Falco's field names to values; a missing field is one without a value)."""

    set = models.ForeignKey(SampleSet, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=120)
    fields = models.JSONField()
    expectation = models.CharField(max_length=8, choices=Expectation.choices, default=Expectation.MATCH)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expectation__in=["match", "no_match"]), name="expectation_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How the lab names it among other samples."""
        return f"own-{self.pk}"
