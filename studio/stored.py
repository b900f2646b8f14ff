"""Files that rows of the database name: what every room tells `verify_files` and `backup` about its own.

A room's AppConfig lists its folders below VAR_DIR (`stored_folders`) and its files (`stored_files`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class FileGoneError(Exception):
    """A file is no longer there and can't be made again; the message is a sentence for a person."""


def _not_rebuilt() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a row names.

    path: below VAR_DIR, with `/`. owner: what it belongs to, for a person. sha256, size: as the row says; None where
    it says nothing. optional: it may be gone, since it is kept for some time only. rebuild: makes it again, and says
    whether it is intact now.
    """

    path: str
    owner: str
    sha256: str | None = None
    size: int | None = None
    optional: bool = False
    rebuild: Callable[[], bool] = _not_rebuilt
