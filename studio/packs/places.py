"""Where releases may be pushed to, and with whose credentials: the administrator's word in the environment.

DELIVERY_PLACES names the places, separated by commas: `git.example.org` (https and ssh), `git.example.org/acme` (below
that path), `http://10.0.0.5:5000` (without TLS), `/srv/git` (repositories in that folder of this machine). `team=` in
front keeps a place to one team. Credentials go by the host: DELIVERY_USER_GIT_EXAMPLE_ORG and
DELIVERY_PASSWORD_GIT_EXAMPLE_ORG are sent to git.example.org and to nowhere else.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

_PORTS = {"https": 443, "http": 80, "ssh": 22}
_SCP = re.compile(r"(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9.-]+):(?!/)(\S+)")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]")
_PATH = re.compile(r"/[A-Za-z0-9._~+/-]*")


class PlaceError(ValueError):
    """The address cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart. scheme: https, http, ssh or file; host with its port where it is not the usual one."""

    scheme: str
    host: str
    path: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password or token; empty where the environment has none."""

    user: str = ""
    password: str = ""


def git_place(address: str) -> Place:
    """A git address taken apart. Raises PlaceError for one with a password in it, and for other protocols."""
    if any(not char.isprintable() or char == " " for char in address):
        raise PlaceError("An address holds no blanks and no control characters.")
    if address.startswith("/"):
        return _sane(Place("file", "", address))
    if "://" not in address:
        found = _SCP.fullmatch(address)
        if not found:
            raise PlaceError("Write https://git.example.org/acme/rules.git or git@git.example.org:acme/rules.git.")
        return _sane(Place("ssh", found[1].lower(), f"/{found[2]}", 22))
    return _url(address)


def registry_place(address: str) -> Place:
    """host[:port]/repository; https where DELIVERY_PLACES does not say http."""
    host, _, path = address.partition("/")
    return _url(f"https://{host}/{path}")


def permitted(place: Place, team: str) -> Place:
    """The place with the scheme to use. Raises PlaceError where the administrator did not name it for the team."""
    for entry in settings.DELIVERY_PLACES:
        owner, _, named = entry.strip().rpartition("=")
        if owner in ("", team) and (found := _fits(place, named)):
            return found
    where = place.path if place.scheme == "file" else place.host
    raise PlaceError(f"Mews may not push to {where}: an administrator has to name it in DELIVERY_PLACES.")


def credentials(place: Place) -> Credentials:
    """What the environment holds for the place's host."""
    usual = _PORTS.get(place.scheme) == place.port or not place.port
    name = re.sub(r"[^A-Z0-9]", "_", (place.host if usual else f"{place.host}:{place.port}").upper())
    return Credentials(os.environ.get(f"DELIVERY_USER_{name}", ""), os.environ.get(f"DELIVERY_PASSWORD_{name}", ""))


def _url(address: str) -> Place:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise PlaceError(f"This is no address: {error}.") from error
    if parts.scheme not in _PORTS:
        raise PlaceError("Only https, ssh and, where the administrator allows it, http are used.")
    if parts.password or (parts.username and parts.scheme != "ssh"):
        raise PlaceError("No user or password in the address: they come from the environment (docs/packs.md).")
    if parts.query or parts.fragment or not parts.hostname:
        raise PlaceError("An address holds a host and a path, nothing else.")
    return _sane(Place(parts.scheme, parts.hostname, parts.path, port or _PORTS[parts.scheme]))


def _sane(place: Place) -> Place:
    inside = place.path.strip("/").split("/")
    if not _PATH.fullmatch(place.path) or any(part in ("", ".", "..") for part in inside):
        raise PlaceError("The path holds letters, digits and . _ ~ + - only, and no empty part.")
    if place.host and not _HOST.fullmatch(place.host):
        raise PlaceError("This is no name of a host.")
    return place


def _fits(place: Place, named: str) -> Place | None:
    if named.startswith("/"):
        inside = place.scheme == "file" and _below(place.path, named)
        return place if inside else None
    scheme, _, rest = named.rpartition("://")
    host, _, prefix = rest.partition("/")
    name, _, port = host.partition(":")
    wanted = scheme or ("https" if place.scheme in ("https", "ssh") else "")
    if name.lower() != place.host or not _below(place.path, f"/{prefix}") or not wanted:
        return None
    if wanted == "http":
        same = (int(port) if port else 80) == place.port or (not port and place.port == 443)
        return Place("http", place.host, place.path, int(port or 80)) if same and place.scheme != "ssh" else None
    same = int(port) == place.port if port else place.port == _PORTS[place.scheme]
    return place if same and place.scheme != "http" else None


def _below(path: str, prefix: str) -> bool:
    return prefix in ("", "/") or path == prefix.rstrip("/") or path.startswith(prefix.rstrip("/") + "/")
