"""The one table of saved views."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class Place(models.TextChoices):
    """The lists whose views can be kept; the value is the name of the list's address."""

    RULES = "library:list", "Rules"
    REVIEWS = "review:list", "Reviews"
    DRAFTS = "authoring:list", "Drafts"


class SavedView(models.Model):
    """A query string under a name. `shared`: the whole team sees it. Only saved.services writes here."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    place = models.CharField(max_length=20, choices=Place.choices)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "place", "name"], name="saved_view_once"),
            models.CheckConstraint(condition=models.Q(place__in=Place.values), name="saved_view_place_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse(self.place)}?{self.query}" if self.query else reverse(self.place)
