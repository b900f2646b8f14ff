"""`python -m studio.supervisor`: prepares Mews, then runs web server and workers until Ctrl-C or SIGTERM.

Environment: HOST, PORT, WEB_WORKERS, WEB_THREADS, WORKER_PROCESSES, LAB_PROCESSES (docs/operations.md).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

import django
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from studio.children import Child
from studio.environment import RUNNING, claim

STOP_WITHIN = 25.0
READY_WITHIN = 60.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
env = Env()


def say(words: str) -> None:
    print(words, flush=True)


def web(host: str, port: int) -> Child:
    """The web server: threads, because requests wait for the database more than they compute."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    temporary = ["--worker-tmp-dir", "/dev/shm"] if os.path.isdir("/dev/shm") else []  # noqa: S108 - gunicorn's heartbeat
    sizes = ["--workers", str(env.int("WEB_WORKERS", 2)), "--threads", str(env.int("WEB_THREADS", 8))]
    gunicorn = [sys.executable, "-m", "gunicorn", "studio.wsgi:application", "--worker-class", "gthread", "--preload"]
    quiet = ["--no-control-socket", "--log-level", "warning"]
    return Child("The web server", [*gunicorn, "--bind", bind, *sizes, *temporary, *quiet])


def worker() -> Child:
    """The worker for exports and other long work, with the clock that sends letters and webhooks again."""
    clock = ["--beat"] if env.bool("CLOCK", True) else []
    return _worker("The worker", "celery", env.int("WORKER_PROCESSES", 2), *clock)


def lab_worker() -> Child:
    """The worker for runs over uploaded files: however many wait, other work goes on."""
    return _worker("The lab's worker", "lab", env.int("LAB_PROCESSES", 1))


def _worker(name: str, queue: str, processes: int, *more: str) -> Child:
    """A worker for one queue.

    Celery warns of pickled tasks run by root; ours are JSON.
    """
    celery = [
        sys.executable,
        "-W",
        "ignore:::celery.platforms",
        "-m",
        "celery",
        "--app",
        "studio",
        "--quiet",
        "worker",
        "--loglevel",
        "WARNING",
    ]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    sizes = ["--concurrency", str(processes), "--queues", queue, "--hostname", f"{queue}@%h"]
    return Child(name, [*celery, *sizes, *more, *lonely])


def port_is_free(host: str, port: int) -> bool:
    """Whether the address can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def is_ready(host: str, port: int) -> bool:
    """Whether the web server answers; any answer counts, since ALLOWED_HOSTS may not know this name."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    try:
        urllib.request.urlopen(f"http://{f'[{name}]' if ':' in name else name}:{port}/healthz", timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Supervisor:
    """The children and the signals that end them. `later`: started once the web server answers, which is sooner so."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.children = [web(host, port), worker()]
        self.later = [lab_worker()] if env.int("LAB_PROCESSES", 1) else []
        self.stopping = 0

    def run(self) -> None:
        """Start, say when ready, look after the children until somebody asks to stop, then stop them."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.on_signal)
        began = time.monotonic()
        for child in self.children:
            child.start()
        ready = False
        while not self.stopping:
            time.sleep(0.1)
            if not ready and (is_ready(self.host, self.port) or time.monotonic() - began > READY_WITHIN):
                ready = True
                greet(self.host, self.port)
                self.start_others()
            for child in self.children:
                if words := child.look_after():
                    say(words)
        self.stop()

    def start_others(self) -> None:
        """Start those that may come later."""
        for child in self.later:
            child.start()
        self.children += self.later

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """First time: stop in order. Second time: at once."""
        self.stopping += 1

    def stop(self) -> None:
        """Ask both to end; whoever needs longer than STOP_WITHIN seconds, or a second Ctrl-C, is ended."""
        say("Stopping …")
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_WITHIN
        while self.stopping < 2 and time.monotonic() < until and any(child.is_alive() for child in self.children):
            time.sleep(0.1)
        for child in self.children:
            child.await_end(time.monotonic())


def greet(host: str, port: int) -> None:
    """The address; and, while nobody has an account, the one link that makes the first administrator."""
    from django.conf import settings
    from django.core.management import call_command

    from studio.accounts.services import issue_setup_link

    shown = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    say(f"Mews is ready at {address}/  (Ctrl-C stops it)")
    if host not in LOOPBACK and set(settings.ALLOWED_HOSTS) <= {*LOOPBACK, "[::1]"}:
        say("Other machines are refused until ALLOWED_HOSTS names this one as they call it (docs/operations.md).")
    if settings.DEMO:
        call_command("demo", address=address)
    elif token := issue_setup_link():
        say(f"Create the first administrator (once, within 24 hours): {address}/setup/{token}/")


def main() -> int:
    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8000)
    if not port_is_free(host, port):
        say(f"Port {port} on {host} is taken. Stop what listens there, or choose another: make run PORT={port + 1}")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        say(f"Mews cannot start. {error}")
        return 1
    from django.conf import settings

    running = claim(settings.VAR_DIR / "claims" / RUNNING, shared=True)  # `manage.py restore` refuses while it is held
    if running is None:
        say(f"A restore is running in {settings.VAR_DIR}. Start Mews when it has finished.")
        return 1
    from studio.preparation import prepare

    for words in prepare():
        say(f"{words} …")
    Supervisor(host, port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
