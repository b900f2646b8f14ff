"""Signatures over the digests of a release: ECDSA on P-256 with SHA-256, as openssl and cosign check it.

The key comes from SIGNING_KEY (PEM), SIGNING_KEY_FILE, or var/signing/key.pem, which `manage.py signing_key` makes.
Public halves of all keys that ever signed are kept beside it, so that old releases stay verifiable. Signatures are
deterministic (RFC 6979): the same release signed by the same key gives the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from studio.environment import private_directory
from studio.packs import store


class SigningError(Exception):
    """The key cannot be used; the message says why, and never holds any of it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signs or signed. name: the beginning of the SHA-256 over its DER form."""

    name: str
    pem: str
    current: bool = False


def sign(data: bytes) -> bytes:
    """The signature in base64, with a line end. Raises SigningError where there is no key."""
    key = _private()
    if key is None:
        raise SigningError("There is no signing key. `manage.py signing_key --new` makes one.")
    _keep(key)
    signature = key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return base64.b64encode(signature) + b"\n"


def verify(data: bytes, signature: bytes, keys: list[PublicKey] | None = None) -> str | None:
    """The name of the key that made the signature over `data`, of `keys` or of all that are kept; None for no one's."""
    try:
        raw = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    for one in public_keys() if keys is None else keys:
        try:
            _public(one.pem).verify(raw, data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            continue
        return one.name
    return None


def public_keys() -> list[PublicKey]:
    """The key in use first, then the earlier ones."""
    key = _private()
    current = _described(key) if key else None
    kept = [described(path.read_text()) for path in sorted(_place().glob("*.pub"))]
    earlier = [one for one in kept if current is None or one.name != current.name]
    return [*([current] if current else []), *earlier]


def described(pem: str) -> PublicKey:
    """A public key from its PEM text. Raises SigningError."""
    der = _public(pem).public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(hashlib.sha256(der).hexdigest()[:16], pem)


def key_files() -> list[Path]:
    """The keys that are kept in files of ours."""
    return [path for path in (_place() / "key.pem", *sorted(_place().glob("*.pub"))) if path.is_file()]


def outside() -> str:
    """The variable of the environment that names the key; "" where it is kept in a file of ours."""
    return next((name for name in ("SIGNING_KEY", "SIGNING_KEY_FILE") if os.environ.get(name)), "")


def new_key() -> PublicKey:
    """Make a key and use it from now on; the public half of the one before stays. Raises SigningError."""
    if os.environ.get("SIGNING_KEY") or os.environ.get("SIGNING_KEY_FILE"):
        raise SigningError("The key comes from the environment: change it there.")
    before = _private()
    if before:
        _keep(before)
    key = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    private_directory(_place())
    store.write(_place() / "key.pem", pem)  # made by mkstemp, so that its owner alone may read it
    _keep(key)
    return _described(key)


def has_key() -> bool:
    """Whether releases are signed."""
    return _private() is not None


def _place() -> Path:
    return Path(settings.VAR_DIR, "signing")


def _private() -> ec.EllipticCurvePrivateKey | None:
    text = os.environ.get("SIGNING_KEY", "").encode()
    path = Path(os.environ.get("SIGNING_KEY_FILE") or _place() / "key.pem")
    if not text and (os.environ.get("SIGNING_KEY_FILE") or path.is_file()):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise SigningError(f"The signing key cannot be read: {error.strerror}.") from error
    if not text:
        return None
    try:
        key = serialization.load_pem_private_key(text, None)
    except (ValueError, TypeError) as error:
        raise SigningError("The signing key is no private key in PEM form without a password.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SigningError("The signing key is not one of ECDSA on P-256.")
    return key


def _public(pem: str) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError as error:
        raise SigningError("This is no public key in PEM form.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise SigningError("This is no public key of ECDSA.")
    return key


def _described(key: ec.EllipticCurvePrivateKey) -> PublicKey:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()
    return PublicKey(described(pem).name, pem, current=True)


def _keep(key: ec.EllipticCurvePrivateKey) -> None:
    """Keep the public half, so that what the key signs can be verified when another one is in use."""
    about = _described(key)
    path = _place() / f"{about.name}.pub"
    if not path.is_file():
        private_directory(_place())
        store.write(path, about.pem.encode())
