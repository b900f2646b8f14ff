"""What the settings need from the machine: a place to write, a secret, a database address, who signs people in."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ImproperlyConfigured

# Writers queue instead of failing: WAL lets readers go on, IMMEDIATE takes the write lock at BEGIN, the timeout waits.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


#: Names of what lies in VAR_DIR; `stamps` is there before the first start.
_KEPT = frozenset({"broker", "mews.sqlite3", "secret_key", "stamps", "static"})
#: What the supervisor claims in VAR_DIR/claims as long as it runs.
RUNNING = "running"


def private_directory(path: Path) -> Path:
    """Make the directory (and parents), readable by its owner only, and give it back."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def protected_directory(path: Path) -> Path:
    """The directory that holds everything Mews writes, for its owner only: made, or checked with what is directly in it
    and with the signing keys. From now on this process makes files that nobody else can read.

    Permissions of our own files are corrected. Raises ImproperlyConfigured for a directory that belongs to somebody
    else, or that does not look like ours and is open to others.
    """
    os.umask(0o077)
    private_directory(path)
    _protect(path, ours=_is_ours(path))
    signing = path / "signing"
    for inside in (*path.iterdir(), *(signing.iterdir() if signing.is_dir() else ())):
        with suppress(FileNotFoundError):  # another process removed it meanwhile
            _protect(inside, ours=True)
    return path


def _is_ours(path: Path) -> bool:
    """Whether the directory is empty or holds what Mews keeps in it; nobody else's permissions are changed."""
    names = {inside.name for inside in path.iterdir()}
    return not names or bool(names & _KEPT)


def _protect(path: Path, ours: bool) -> None:
    found = path.lstat()
    user = os.geteuid()
    if stat.S_ISLNK(found.st_mode):
        return
    if user not in (0, found.st_uid):
        raise ImproperlyConfigured(
            f"{path} belongs to user {found.st_uid}, but Mews runs as user {user}. Run: chown -R {user} {path}, or set "
            "VAR_DIR to a directory of its own."
        )
    mode = stat.S_IMODE(found.st_mode)
    if not mode & 0o077:
        return
    refusal = ImproperlyConfigured(
        f"Other users can open {path} (mode {mode:o}), which holds secrets. Run: chmod go-rwx {path}, or set VAR_DIR "
        "to a directory of its own."
    )
    if not ours or mode & stat.S_ISVTX:
        raise refusal
    try:
        path.chmod(mode & ~0o077)
    except OSError as error:
        raise refusal from error


def claim(path: Path, shared: bool = False) -> IO[str] | None:
    """Claim the name for this process, until the file that is returned is closed; None where another process has it.

    shared: others may have it at the same time, if they share it, too.
    """
    private_directory(path.parent)
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w")
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def kept_secret(path: Path) -> str:
    """Read the secret kept in `path`; when there is none, make one of 64 random bytes with mode 0600.

    Two processes may start at once: the file appears under its name only when complete (link fails if it exists).
    """
    if not path.exists():
        private_directory(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was quicker; its secret is the one
        finally:
            draft.unlink()
    return path.read_text().strip()


def database(config: dict[str, Any]) -> dict[str, Any]:
    """Complete a database configuration (as dj-database-url reads it) with what its engine needs to be safe here."""
    if config["ENGINE"].endswith("sqlite3"):
        config.setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
    else:
        config.setdefault("CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
    return config


#: The name of the single sign-on in addresses.
PROVIDER = "sso"


@dataclass(frozen=True, slots=True)
class SignOn:
    """What the environment says of the provider (studio.settings); `issuer` is empty where there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = "single sign-on"
    trust_email: bool = False
    second_factor: bool = False
    join_domains: tuple[str, ...] = field(default=())
    join_team: str = ""
    join_role: str = "viewer"
    only: bool = False

    @property
    def is_on(self) -> bool:
        return bool(self.issuer and self.client_id)

    @property
    def is_the_only_way(self) -> bool:
        """Whether passwords and passkeys do not sign in."""
        return self.is_on and self.only

    def may_join(self, email: str) -> bool:
        """Whether somebody unknown with this address gets an account of their own."""
        domain = email.rpartition("@")[2].lower()
        return bool(self.join_team) and domain in {one.lower().lstrip("@") for one in self.join_domains}

    def providers(self) -> dict[str, Any]:
        """The same in allauth's words."""
        if not self.is_on:
            return {}
        app = {
            "provider_id": PROVIDER,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer},
        }
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
