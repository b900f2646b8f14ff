"""Who looks after a rule."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class Ownership(models.Model):
    """A rule's owner, where somebody was named; else its author looks after it. Only library.services writes here."""

    draft = models.OneToOneField("authoring.Draft", on_delete=models.CASCADE, related_name="ownership")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="owned_rules")
    since = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.owner} looks after {self.draft}"


class RulesFile(models.Model):
    """Rules files that somebody is about to import, or did. Only library.import_services writes here.

    `files`: [[name, text], …] in the order of loading. `outcome`: what became of each item, once it is done.
    """

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="rules_files")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    files = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:import_file", args=[self.pk])
