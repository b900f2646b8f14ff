"""Where a release comes from: the embedded catalogue, a file, or a web address."""

from pathlib import Path

from django.conf import settings

from studio.attack.importer import embedded
from studio.attack.importer.bundle import Bundle, verify
from studio.attack.importer.errors import CatalogueError
from studio.attack.importer.fetch import Limits, download, too_large


def open_source(source: str) -> Bundle:
    """The verified release at `source`: "embedded", a path, or an http(s) address. Raises CatalogueError."""
    if source == embedded.LABEL:
        return embedded.load()
    limit = settings.ATTACK_MAX_BYTES
    if "://" in source:
        private = settings.ATTACK_PRIVATE_ADDRESSES
        data = download(source, Limits(max_bytes=limit, private_addresses=private))
        return verify(data, source.partition("?")[0])  # what follows may be a secret, and the label is shown
    return verify(_read_file(Path(source), limit), source)


def _read_file(path: Path, limit: int) -> bytes:
    if not path.is_file():  # also a pipe or a device, which may never end
        raise CatalogueError(f'There is no file {path}. Give "embedded", the path of a file, or an http(s) address.')
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise CatalogueError(too_large(str(path), limit))
    return data
