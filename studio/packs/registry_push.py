"""A release's image in a registry, by the oras library: the bytes that lie in the release, unchanged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests
from oras.provider import Registry

from rules_export.archives.packing import sha256
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.oci import MANIFEST_TYPE
from rules_export.errors import EmitError
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


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push led to: words for a person, the tags that were set, and the digest that they name."""

    words: str
    tags: tuple[str, ...]
    digest: str


def push(
    layout: bytes,
    place: Place,
    known: Credentials,
    wanted: Callable[[str], bool] = lambda tag: True,
    tell: Callable[[str], object] = lambda stage: None,
) -> Pushed:
    """Push an image layout under those of its tags that are wanted at that moment, and read it back.

    Raises RegistryError, and what `wanted` raises.
    """
    try:
        blobs, manifest, named = _read(layout)
        tell("Asking the registry")
        client, where = _repository(place, known)
        with tempfile.TemporaryDirectory(prefix="mews-oci-") as folder:
            for number, (digest, data) in enumerate(blobs.items(), 1):
                tell(f"Sending part {number} of {len(blobs)}")
                path = Path(folder, str(number))
                path.write_bytes(data)
                _taken(client.upload_blob(str(path), where, {"digest": digest, "size": len(data)}))
        set_: list[str] = []
        for tag in named:
            if wanted(tag):
                tell(f"Naming it {tag}")
                address = _address(client, where, tag)
                _taken(client.do_request(address, "PUT", data=manifest, headers={"Content-Type": MANIFEST_TYPE}))
                set_.append(tag)
        if set_:
            _compare(client, _address(client, where, set_[0]), manifest)
    except (requests.RequestException, ValueError, KeyError, EmitError) as error:
        raise RegistryError(_words(error, known)) from error
    digest = f"sha256:{sha256(manifest)}"
    return Pushed(f"{digest} as {', '.join(set_)}.", tuple(set_), digest)


def digest_of(layout: bytes) -> str:
    """The digest of the layout's manifest. Raises RegistryError."""
    try:
        return f"sha256:{sha256(_read(layout)[1])}"
    except (ValueError, KeyError, EmitError) as error:
        raise RegistryError("The release's image cannot be read.") from error


def tags_of(layout: bytes) -> list[str]:
    """The tags that the layout names. Raises RegistryError."""
    try:
        return _read(layout)[2]
    except (ValueError, KeyError, EmitError) as error:
        raise RegistryError("The release's image cannot be read.") from error


def named_by(place: Place, known: Credentials, tag: str) -> str:
    """The digest that the tag names in the registry; "" where there is no such tag. Raises RegistryError."""
    try:
        client, where = _repository(place, known)
        answer = client.do_request(_address(client, where, tag), "GET", headers={"Accept": MANIFEST_TYPE})
        if answer.status_code == 404:
            return ""
        _taken(answer)
    except (requests.RequestException, ValueError, KeyError) as error:
        raise RegistryError(_words(error, known)) from error
    return f"sha256:{sha256(answer.content)}"


def delete_tag(place: Place, known: Credentials, tag: str) -> bool:
    """Delete a tag and nothing else; False where the registry deletes no tags. Raises RegistryError."""
    try:
        client, where = _repository(place, known)
        answer = client.do_request(_address(client, where, tag), "DELETE")
    except (requests.RequestException, ValueError, KeyError) as error:
        raise RegistryError(_words(error, known)) from error
    return answer.status_code in (200, 202, 204, 404)


def _repository(place: Place, known: Credentials) -> tuple[_Client, Any]:
    client = _client(place, known)
    return client, client.get_container(f"{client.hostname}/{place.path.strip('/')}")


def _address(client: _Client, where: Any, tag: str) -> str:
    return f"{client.prefix}://{where.manifest_url(tag)}"


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
