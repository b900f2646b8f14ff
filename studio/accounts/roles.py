"""What a person may be in a team, from least to most; each role may do everything that the one before may."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    AUTHOR = "author", "Author"
    REVIEWER = "reviewer", "Reviewer"
    MAINTAINER = "maintainer", "Maintainer"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def rank(self) -> int:
        """Place in the order: 0 for a viewer."""
        return list(Role).index(self)

    def includes(self, needed: Role) -> bool:
        """Whether who has this role may do what `needed` may."""
        return self.rank >= needed.rank
