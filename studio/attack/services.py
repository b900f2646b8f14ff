"""The one door for writing ATT&CK tables."""

from dataclasses import dataclass

from django.db import transaction

from studio.attack.importer import embedded
from studio.attack.importer.errors import CatalogueError
from studio.attack.importer.source import open_source
from studio.attack.models import Catalogue
from studio.audit import services as audit

__all__ = ["CatalogueError", "Loaded", "sync"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the catalogue as it is now, the release before (None at first), whether rows were written."""

    catalogue: Catalogue
    before: str | None
    changed: bool
    left_out: int = 0


def sync(source: str = embedded.LABEL, *, again: bool = False) -> Loaded:
    """Load the release at `source` ("embedded", a path, an http(s) address) in place of the loaded one.

    The very release that is loaded already is not written again unless `again`. Raises CatalogueError, and then the
    catalogue is as it was.
    """
    present = Catalogue.objects.first()
    before = present.version if present else None
    if present and not again and source == embedded.LABEL and embedded.digest() == present.digest:
        return Loaded(present, before, changed=False)
    bundle = open_source(source)
    if present and not again and bundle.digest == present.digest:
        return Loaded(present, before, changed=False)

    from studio.attack.importer import reader, store

    tables = reader.read(bundle)
    with transaction.atomic():
        catalogue = store.replace(bundle, tables)
        details = {"version": bundle.version, "before": before, "source": bundle.label, "digest": bundle.digest}
        audit.record(None, None, "attack.synced", catalogue, **details)
    return Loaded(catalogue, before, changed=True, left_out=tables.relations.left_out)
