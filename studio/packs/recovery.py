"""Files of releases and exports: read with their digest checked, and made again where the disk lost them.

A file of a release comes back from the release's archives, an archive from the files in it, and both from the
release's row. Only bytes with the recorded digest count: what can't be made again is gone, and nobody gets other bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import structlog

from rules_export.archives.packing import Entry, sha256, write_tar_gz, write_zip
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.manifest import SIGNATURE
from rules_export.artifacts.pack_files import Sign
from rules_export.errors import EmitError, EngineError
from studio.packs import signing, store
from studio.packs.making import MADE_BY, make
from studio.packs.models import ExportRun, Release
from studio.packs.models.release import HEAVY
from studio.packs.packing import packed
from studio.stored import FileGoneError, StoredFile

log = structlog.get_logger(__name__)


def release_file(release: Release, path: str) -> bytes:
    """The bytes of a file of the release. Raises KeyError for a path that the release lacks, and FileGoneError."""
    digest = str(release.files[path]["sha256"])
    data = intact(digest)
    if data is None:
        rebuild_release(release)
        data = intact(digest)
    if data is None:
        raise FileGoneError(
            f"The file {path} of {release} is no longer on the server and can't be rebuilt with the recorded "
            "SHA-256. Ask your administrator to restore it from a backup, or make a new release."
        )
    return data


def rebuild_release(release: Release) -> list[str]:
    """Make the missing and damaged files of the release again; gives the paths that are intact now."""
    missing = [path for path, about in release.files.items() if intact(str(about["sha256"])) is None]
    done: list[str] = []
    for source in (_from_archives, _from_row):
        left = [path for path in missing if path not in done]
        if left and set(left) - set(release.bundles):
            done += _keep(release, left, source(release))
    _rebuild_archives(release, [path for path in missing if path not in done])
    done = [path for path in missing if intact(str(release.files[path]["sha256"])) is not None]
    for path in done:
        log.warning("file_rebuilt", release=str(release), path=path)
    return done


def export_file(run: ExportRun) -> bytes:
    """The bytes of an export's file. Raises FileGoneError."""
    data = _intact_export(run)
    if data is not None:
        return data
    made = make(run.rules, run.mode, str(run.summary.get("made_by", MADE_BY))) if run.rules else None
    text = made.text.encode() if made else b""
    if sha256(text) != run.digest:
        raise FileGoneError(
            "The file of this export is no longer on the server and can't be rebuilt with the recorded SHA-256. "
            "Export the rules again."
        )
    store.write(run.path, text)
    log.warning("file_rebuilt", export=str(run.pk))
    return text


def stored_files(using: str) -> Iterator[StoredFile]:
    """What the releases and exports of this database name on the disk, and the keys that lie there."""
    releases = Release.objects.using(using).filter(state=Release.State.DONE).select_related("pack")
    for release in releases.defer(*(set(HEAVY) - {"files", "summary"})).order_by("pk").iterator(chunk_size=50):
        rebuild = partial(_rebuild_stored, release.pk)
        for path, about in release.files.items():
            digest = str(about["sha256"])
            place = f"releases/{digest[:2]}/{digest}"
            yield StoredFile(place, f"{path} of {release}", digest, about["size"], rebuild=partial(rebuild, path))
        if key := release.summary.get("signed_by"):
            yield StoredFile(f"signing/{key}.pub", f"the public key of {release}")
    for run in ExportRun.objects.using(using).filter(state=ExportRun.State.DONE).order_by("pk").iterator(chunk_size=50):
        owner = f"the export of {run.requested_at:%Y-%m-%d %H:%M}"
        yield StoredFile(f"exports/{run.path.name}", owner, run.digest, run.size, rebuild=partial(_rebuild_export, run))
    for key_file in signing.key_files():
        yield StoredFile(f"signing/{key_file.name}", "a signing key")


def _rebuild_stored(pk: int, path: str) -> bool:
    try:
        release_file(Release.objects.select_related("pack").get(pk=pk), path)
    except FileGoneError:
        return False
    return True


def _rebuild_export(run: ExportRun) -> bool:
    try:
        export_file(run)
    except FileGoneError:
        return False
    return True


def intact(digest: str) -> bytes | None:
    """The stored bytes of this digest; None where they are missing, damaged or can't be read."""
    try:
        return store.get(digest)
    except (OSError, ValueError):
        return None


def _intact_export(run: ExportRun) -> bytes | None:
    try:
        data = run.path.read_bytes()
    except OSError:
        return None
    return data if sha256(data) == run.digest else None


def _keep(release: Release, wanted: list[str], entries: Iterator[tuple[str, bytes]]) -> list[str]:
    """Store those of the entries that are wanted and have the recorded digest."""
    kept = []
    for path, data in entries:
        if path in wanted and path not in kept and sha256(data) == release.files[path]["sha256"]:
            store.put(data)
            kept.append(path)
    return kept


def _from_archives(release: Release) -> Iterator[tuple[str, bytes]]:
    for path in release.bundles:
        data = intact(str(release.files[path]["sha256"]))
        if data is None:
            continue
        try:
            yield from unpacked(data).items()
        except EmitError:  # larger than what is read into memory; the row has it, too
            continue


def _from_row(release: Release) -> Iterator[tuple[str, bytes]]:
    try:
        made = packed(release, _signature(release), alone=False)
    except (EngineError, EmitError, signing.SigningError, KeyError, TypeError, ValueError) as error:
        log.warning("release_not_rebuilt", release=str(release), error=str(error))
        return
    for entry in made.entries:
        yield entry.path, entry.data


def _signature(release: Release) -> Sign | None:
    """The recorded signature; a new one where a release of before has none, which holds only if the key is the same."""
    if SIGNATURE not in release.files:
        return None
    recorded = str(release.summary.get("signature", ""))
    if recorded or not signing.has_key():
        return lambda _: recorded.encode()
    return signing.sign


def _rebuild_archives(release: Release, missing: list[str]) -> None:
    """Pack the archives again from the files, if all of those are there."""
    bundles = [path for path in release.bundles if path in missing]
    if not bundles:
        return
    files = {path: intact(str(about["sha256"])) for path, about in _inside(release).items()}
    entries = [Entry(path, data, path.endswith(".sh")) for path, data in files.items() if data is not None]
    if len(entries) < len(files):
        return
    for path in bundles:
        write = write_zip if path.endswith(".zip") else write_tar_gz
        digest, _ = store.put_written(partial(write, entries))
        if digest != release.files[path]["sha256"]:
            store.path_of(digest).unlink(missing_ok=True)


def _inside(release: Release) -> Mapping[str, Mapping[str, object]]:
    """The files that the archives hold."""
    return {path: about for path, about in release.files.items() if path not in release.bundles}
