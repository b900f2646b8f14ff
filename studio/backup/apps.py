"""Backups as a Django app: its commands are its only interface."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """Backup, restore and the verification of files."""

    name = "studio.backup"
