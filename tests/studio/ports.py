"""A port that nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One that the system just handed out and took back; good enough for a test that binds at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
