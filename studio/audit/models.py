"""The journal's table, and which of its entries went to files."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac


class JournalError(RuntimeError):
    """Somebody tried to change what has been written."""


class AppendOnly(models.QuerySet["JournalEntry"]):
    """Reads as usual; refuses to change or delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalError("Journal entries are never changed")

    def delete(self) -> NoReturn:
        raise JournalError("Journal entries are never deleted")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalError("Journal entries are added one by one, each chained to the one before")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalError("Journal entries are never changed")


class JournalEntry(models.Model):
    """One thing that somebody did. People and objects are kept as words too, so that the entry outlives them."""

    number = models.PositiveBigIntegerField(unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor_id = models.BigIntegerField(null=True, editable=False)
    actor = models.CharField(max_length=300, editable=False)
    team_id = models.BigIntegerField(null=True, editable=False, db_index=True)
    verb = models.CharField(max_length=80, editable=False, db_index=True)
    target_type = models.CharField(max_length=80, blank=True, editable=False)
    target_id = models.CharField(max_length=80, blank=True, editable=False)
    target = models.CharField(max_length=300, blank=True, editable=False)
    details = models.JSONField(default=dict, editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "journal entries"
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.number}. {self.actor} {self.verb} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise JournalError("Journal entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalError("Journal entries are never deleted")

    def canonical(self) -> str:
        """The entry as JSON with sorted keys and no spaces: what the hash is over."""
        names = [f.attname for f in self._meta.concrete_fields if f.attname not in {"id", "hash"}]
        content = {name: getattr(self, name) for name in names} | {"at": self.at.isoformat()}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


class JournalHead(models.Model):
    """Which entry is the newest, sealed with SECRET_KEY: one row. Whoever cuts the end off cannot make its seal.

    The next entry follows what stands here, and the row's lock lets only one be written at a time.
    """

    number = models.PositiveBigIntegerField(default=0, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)
    seal = models.CharField(max_length=64, editable=False)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"

    def point_to(self, number: int, entry_hash: str) -> None:
        """This entry is the newest now."""
        self.number, self.hash = number, entry_hash
        self.seal = self._sealed(settings.SECRET_KEY)

    @property
    def holds(self) -> bool:
        """Whether the seal was made by who knows SECRET_KEY, or one of SECRET_KEY_FALLBACKS."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(constant_time_compare(self.seal, self._sealed(key)) for key in keys)

    def _sealed(self, key: str) -> str:
        words = f"{self.number}:{self.hash}"
        return salted_hmac("studio.audit.head", words, secret=key, algorithm="sha256").hexdigest()


class JournalArchive(models.Model):
    """Entries that were moved to a file. The database refuses to delete entries that no archive holds."""

    first_number = models.PositiveBigIntegerField(unique=True, editable=False)
    last_number = models.PositiveBigIntegerField(unique=True, editable=False)
    last_hash = models.CharField(max_length=64, editable=False)
    entries = models.PositiveBigIntegerField(editable=False)
    file = models.CharField(max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-last_number"]

    def __str__(self) -> str:
        return self.file

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise JournalError("Archives of the journal are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalError("Archives of the journal are never deleted")

    def facts(self) -> dict[str, Any]:
        """What the journal says of it."""
        return {
            "first": self.first_number,
            "last": self.last_number,
            "last_hash": self.last_hash,
            "entries": self.entries,
            "sha256": self.sha256,
        }
