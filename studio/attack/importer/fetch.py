"""Download a file over http(s) with bounds on size and time, and never from a private address.

The address is checked on the connected socket, before any byte is sent, so that a name which resolves to another
address on the second look (DNS rebinding) gains nothing.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from studio import networks
from studio.attack.importer.errors import CatalogueError

_CHUNK = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a download: bytes, seconds for one step, seconds for all, and how many redirects are followed."""

    max_bytes: int
    step_seconds: float = 20.0
    total_seconds: float = 300.0
    redirects: int = 5
    private_addresses: bool = False


def download(url: str, limits: Limits) -> bytes:
    """The bytes at `url`. Raises CatalogueError saying why it could not be read."""
    deadline = time.monotonic() + limits.total_seconds
    for _ in range(limits.redirects + 1):
        answer = _ask(url, limits, deadline)
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
    raise CatalogueError(f"{url} was reached after more than {limits.redirects} redirects; giving up.")


def _ask(url: str, limits: Limits, deadline: float) -> bytes | str:
    """The body, or where a redirect points."""
    parts = _checked(url)
    connection = _connection(parts, limits)
    try:
        connection.connect()
        with _hanging_up_at(deadline, connection.sock):
            connection.request("GET", _path(parts), headers={"Accept-Encoding": "identity", "User-Agent": "Mews"})
            response = connection.getresponse()
            if response.status in _REDIRECTS:
                return response.headers.get("Location") or ""
            if response.status != 200:
                raise CatalogueError(f"{url} answered {response.status} {response.reason}. Check the address.")
            body = _body(response, url, limits)
        if time.monotonic() >= deadline:  # hung up, which reads as the end where no length was announced
            raise TimeoutError
        return body
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= deadline:
            raise CatalogueError(f"{url} was not complete after {limits.total_seconds:.0f} seconds.") from error
        raise CatalogueError(f"{url} could not be read: {error or type(error).__name__}.") from error
    finally:
        connection.close()


@contextmanager
def _hanging_up_at(deadline: float, connected: socket.socket) -> Iterator[None]:
    """Shut the socket down at the deadline, so that a server which sends one byte at a time cannot hold us."""
    timer = threading.Timer(max(deadline - time.monotonic(), 0.0), _shut_down, [connected])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut_down(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise CatalogueError(f"{url} is not a web address: {error}.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise CatalogueError(f"{url} is not a web address that Mews reads: it must begin with https:// or http://.")
    if parts.username is not None or any(character <= " " or character == "\x7f" for character in url):
        raise CatalogueError(f"{url} is not a web address that Mews reads: no passwords and no spaces, please.")
    return parts


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(parts: SplitResult, limits: Limits) -> http.client.HTTPConnection:
    host = str(parts.hostname)
    if parts.scheme == "https":
        return _GuardedHTTPS(host, parts.port or 443, limits)
    return _GuardedHTTP(host, parts.port or 80, limits)


def _body(response: http.client.HTTPResponse, url: str, limits: Limits) -> bytes:
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.max_bytes:
        raise CatalogueError(too_large(url, limits.max_bytes))
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > limits.max_bytes:
            raise CatalogueError(too_large(url, limits.max_bytes))
    if announced.isdecimal() and len(body) != int(announced):
        raise http.client.IncompleteRead(bytes(body), int(announced) - len(body))
    return bytes(body)


def too_large(label: str, max_bytes: int) -> str:
    """What to say of a file over the limit."""
    limit = f"{max_bytes / 1_000_000:,.0f} MB" if max_bytes >= 1_000_000 else f"{max_bytes:,} bytes"
    return f"{label} is larger than {limit}. Releases of ATT&CK are well below; ATTACK_MAX_BYTES changes the limit."


def _guarded_socket(host: str, port: int, limits: Limits) -> socket.socket:
    connected = socket.create_connection((host, port), timeout=limits.step_seconds)
    address = ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    if not limits.private_addresses and not networks.is_public(mapped):
        connected.close()
        raise CatalogueError(
            f"{host} is at {mapped}, an address inside a private network, and Mews does not fetch from there. "
            "Download the file and give its path, or set ATTACK_PRIVATE_ADDRESSES=true."
        )
    return connected


class _GuardedHTTP(http.client.HTTPConnection):
    """HTTP over a socket whose peer was checked."""

    def __init__(self, host: str, port: int, limits: Limits) -> None:
        super().__init__(host, port, timeout=limits.step_seconds)
        self._limits = limits

    def connect(self) -> None:
        self.sock = _guarded_socket(self.host, self.port, self._limits)


class _GuardedHTTPS(_GuardedHTTP):
    """HTTPS over a socket whose peer was checked before the handshake."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
