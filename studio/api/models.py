"""Tokens with which programs act for a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.api.scopes import SCOPES, Scope


class ApiToken(models.Model):
    """A program's key: it acts as one person in one team. Only api.tokens writes here.

    Of the secret only the hash is kept; `prefix` is its beginning, by which people tell tokens apart. `vouched`: it was
    made in a session for which single sign-on asked for a second factor.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    vouched = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="api_token_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_live(self) -> bool:
        """Whether it still lets in."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What it may, in words."""
        return [SCOPES[one].label for one in Scope if one in self.scopes]
