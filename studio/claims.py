"""Work that only one process of this machine may do at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Whether this process may do the work of that name now; another cannot meanwhile.

    The claim ends with the process, however that ends, so that a killed worker leaves nothing locked.
    """
    folder = Path(settings.VAR_DIR, "claims")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(folder / name, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
