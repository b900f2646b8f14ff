"""A release's image in a registry, by the oras library: the bytes that lie in the release, unchanged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import requests
from oras.provider import Registry

from rules_export.emit.archive import sha256
from rules_export.emit.errors import EmitError
from rules_export.emit.oci import MANIFEST_TYPE
from rules_export.emit.unpacking import unpacked
from studio.packs.places import Credentials, Place

#: Seconds to connect, and between two bytes of an answer.
PATIENCE = (10, 60)


class RegistryError(Exception):
    """The registry did not take it; the message is for a person and holds no secret."""


class _Client(Registry):  # type: ignore[misc] # the library has no types
    """oras without tries of its own: the worker tries again."""

    do_request = Registry.do_request.__wrapped__


def _client(place: Place, known: Credentials) -> _Client:
    """A client with an end to its patience, which answers as the registry asks: with a token, or with a password."""
    host = f"{place.host}:{place.port}" if place.port not in (80, 443) else place.host
    plain = place.scheme == "http"
    session = requests.Session()
    session.trust_env = False  # no ~/.netrc
    session.request = partial(session.request, timeout=PATIENCE)  # type: ignore[method-assign]
    asked = session.get(f"{'http' if plain else 'https'}://{host}/v2/").headers.get("Www-Authenticate", "")
    basic = asked.lower().startswith("basic")
    if basic and not known.password:
        raise RegistryError("The registry asks for a password, and the environment holds none for it.")
    client = _Client(hostname=host, insecure=plain, auth_backend="basic" if basic else "token")
    client.session = client.auth.session = session
    if known.password:
        client.auth.set_basic_auth(known.user, known.password)
    return client


def push(
    layout: bytes,
    place: Place,
    known: Credentials,
    tags: Iterable[str] | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> str:
    """Push an image layout under its tags (or those of them in `tags`), read it back, and say what lies there now.

    Raises RegistryError.
    """
    repository = place.path.strip("/")
    try:
        blobs, manifest, named = _read(layout)
        wanted = [tag for tag in named if tags is None or tag in set(tags)]
        tell("Asking the registry")
        client = _client(place, known)
        where = client.get_container(f"{client.hostname}/{repository}")
        with tempfile.TemporaryDirectory(prefix="mews-oci-") as folder:
            for number, (digest, data) in enumerate(blobs.items(), 1):
                tell(f"Sending part {number} of {len(blobs)}")
                path = Path(folder, str(number))
                path.write_bytes(data)
                _taken(client.upload_blob(str(path), where, {"digest": digest, "size": len(data)}))
        for tag in wanted:
            tell(f"Naming it {tag}")
            address = f"{client.prefix}://{where.manifest_url(tag)}"
            _taken(client.do_request(address, "PUT", data=manifest, headers={"Content-Type": MANIFEST_TYPE}))
        _compare(client, f"{client.prefix}://{where.manifest_url(wanted[0])}", manifest)
    except (requests.RequestException, ValueError, KeyError, EmitError) as error:
        raise RegistryError(_words(error, known)) from error
    return f"sha256:{sha256(manifest)} as {', '.join(wanted)}."


def _read(layout: bytes) -> tuple[dict[str, bytes], bytes, list[str]]:
    """Blobs by digest, the manifest, its tags."""
    files = unpacked(layout)
    index: dict[str, Any] = json.loads(files["index.json"])
    about = index["manifests"][0]
    manifest = files[_path(about["digest"])]
    inside = json.loads(manifest)
    digests = [inside["config"]["digest"], *(one["digest"] for one in inside["layers"])]
    named = [one["annotations"]["org.opencontainers.image.ref.name"] for one in index["manifests"]]
    return {one: files[_path(one)] for one in digests}, manifest, named


def _path(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _taken(answer: requests.Response) -> None:
    if answer.status_code >= 300:
        says = ""
        try:
            says = "; ".join(str(one.get("message") or one.get("code")) for one in answer.json()["errors"])
        except (ValueError, KeyError, TypeError, AttributeError):
            says = answer.reason
        raise RegistryError(f"The registry answered {answer.status_code}: {says[:500]}.")


def _compare(client: _Client, address: str, manifest: bytes) -> None:
    answer = client.do_request(address, "GET", headers={"Accept": MANIFEST_TYPE})
    _taken(answer)
    if answer.content != manifest:
        raise RegistryError("The registry keeps other bytes than it was sent.")


def _words(error: Exception, known: Credentials) -> str:
    if isinstance(error, requests.ConnectionError):
        return "The registry cannot be reached."
    if isinstance(error, requests.Timeout):
        return f"The registry gave no answer within {PATIENCE[1]} seconds."
    said = str(error).replace(known.password, "…") if known.password else str(error)
    if "authentication" in said or "realm" in said:
        return "The registry refused the credentials that the environment holds for it, or asks for some."
    return f"The registry did not take it: {said[:500]}"
