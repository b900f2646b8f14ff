"""Who looks after a rule."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Ownership(models.Model):
    """A rule's owner, where somebody was named; else its author looks after it. Only library.services writes here."""

    draft = models.OneToOneField("authoring.Draft", on_delete=models.CASCADE, related_name="ownership")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="owned_rules")
    since = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.owner} looks after {self.draft}"
