"""A release as one commit of a git repository. Git runs as a child: bounded time, no prompt, no hook, no work tree.

The tree is written with git's plumbing, so that neither filters nor links of the repository touch our machine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rules_export.emit.manifest import SUMS, read_sums
from studio.packs.places import Credentials

#: Seconds that one command of git may take, and how often a push is tried where somebody else pushed meanwhile.
SECONDS, ROUNDS = 60, 3
#: What a commit's message may hold of a changelog.
MOST_WORDS = 8000
_HELPER = '!f() { echo "username=$MEWS_GIT_USER"; echo "password=$MEWS_GIT_PASSWORD"; }; f'
_KEPT = ("PATH", "SSH_AUTH_SOCK", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE")


class GitError(Exception):
    """Git did not do it; the message is for a person and holds no secret. raced: somebody else pushed meanwhile."""

    def __init__(self, message: str, raced: bool = False) -> None:
        super().__init__(message)
        self.raced = raced


@dataclass(frozen=True, slots=True)
class Job:
    """What to push. scheme: the only protocol that git may speak. own_branch: "" to push to `branch` itself.

    files: path in the repository → (bytes, whether it may be run). gone_with: the folder whose SHA256SUMS names the
    files of the release before, which leave where they are not in this one; "" to take nothing away. moment: seconds
    since 1970, so that the same release gives the same commit. person: as `Name <address>`.
    """

    address: str
    scheme: str
    branch: str
    files: Mapping[str, tuple[bytes, bool]] = field(repr=False)
    title: str
    words: str
    person: tuple[str, str]
    moment: int
    own_branch: str = ""
    asks_merge: bool = False
    gone_with: str | None = None
    credentials: Credentials = field(default=Credentials(), repr=False)


def push(job: Job, tell: Callable[[str], None] = lambda stage: None) -> str:
    """Push, and say what lies there now. Raises GitError."""
    with tempfile.TemporaryDirectory(prefix="mews-git-") as place:
        for left in reversed(range(ROUNDS)):
            try:
                return _Repository(Path(place), job).push(tell)
            except GitError as error:
                if not error.raced or not left:
                    raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class _Repository:
    place: Path
    job: Job

    def push(self, tell: Callable[[str], None]) -> str:
        job = self.job
        self.git("init", "--quiet", "--bare", ".")
        tell("Asking the repository")
        heads = self.git("ls-remote", "--heads", "--", job.address).decode("utf-8", "replace").split()[1::2]
        if job.own_branch and f"refs/heads/{job.own_branch}" in heads:
            return f"The branch {job.own_branch} is there already; it was left as it is."
        parent = self.fetched(tell) if f"refs/heads/{job.branch}" in heads else ""
        if job.own_branch and not parent:
            raise GitError(f"The repository has no branch {job.branch} that a merge request could go to.")
        tree = self.written(parent)
        if parent and tree == self.text("rev-parse", f"{parent}^{{tree}}"):
            return f"Nothing to change: {job.branch} holds just this already, at {parent[:12]}."
        commit = self.committed(tree, parent)
        tell("Pushing")
        target = job.own_branch or job.branch
        asks = ["merge_request.create", f"merge_request.target={job.branch}", f"merge_request.title={job.title}"]
        options = [f"--push-option={one}" for one in asks] if job.own_branch and job.asks_merge else []
        self.git("push", "--quiet", *options, "--", job.address, f"{commit}:refs/heads/{target}")
        return f"Commit {commit[:12]} on {target}."

    def fetched(self, tell: Callable[[str], None]) -> str:
        tell("Fetching the branch")
        self.git("fetch", "--quiet", "--depth=1", "--no-tags", "--", self.job.address, f"refs/heads/{self.job.branch}")
        return self.text("rev-parse", "FETCH_HEAD")

    def written(self, parent: str) -> str:
        """The tree: that of the parent, with the release's files in their places."""
        self.git("read-tree", *([parent] if parent else ["--empty"]))
        lines = [f"0 {'0' * 40}\t{path}" for path in self.gone(parent)]
        for path, (data, runs) in self.job.files.items():
            blob = self.git("hash-object", "-w", "--stdin", data=data).decode().strip()
            lines.append(f"100{755 if runs else 644} {blob}\t{path}")
        self.git("update-index", "-z", "--add", "--replace", "--index-info", data="\0".join([*lines, ""]).encode())
        return self.text("write-tree")

    def gone(self, parent: str) -> list[str]:
        """Files of the release before, as its own sums name them, that are no longer there."""
        folder = self.job.gone_with
        if folder is None or not parent:
            return []
        inside = f"{folder}/" if folder else ""
        try:
            told = read_sums(self.git("cat-file", "blob", f"{parent}:{inside}{SUMS}").decode())
        except (GitError, ValueError):
            return []
        present = {path.decode("utf-8", "surrogateescape") for path in self.git("ls-files", "-z").split(b"\0")}
        return [path for name in told if (path := inside + name) in present and path not in self.job.files]

    def committed(self, tree: str, parent: str) -> str:
        job = self.job
        name, mail = job.person
        words = f"{job.title}\n\n{job.words.strip()[:MOST_WORDS]}".strip()
        message = f"{words}\n\nSigned-off-by: {name} <{mail}>\n"
        return self.text("commit-tree", tree, *(["-p", parent] if parent else []), "-F", "-", data=message.encode())

    def text(self, *arguments: str, data: bytes = b"") -> str:
        return self.git(*arguments, data=data).decode().strip()

    def git(self, *arguments: str, data: bytes = b"") -> bytes:
        """One command. Raises GitError with the last of what git said."""
        settings = ["core.hooksPath=/dev/null", "http.followRedirects=false", f"credential.helper={_HELPER}"]
        command = ["git", *(part for one in settings for part in ("-c", one)), *arguments]
        try:
            child = subprocess.Popen(  # noqa: S603 - no shell; addresses were taken apart and stand behind --
                command, cwd=self.place, env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror}.") from error
        try:
            out, said = child.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise GitError(f"git {arguments[0]} gave no answer within {SECONDS} seconds.") from None
        if child.returncode:
            raise self.refused(arguments[0], said.decode("utf-8", "replace"))
        return out

    def refused(self, what: str, said: str) -> GitError:
        secret = self.job.credentials.password
        words = said.replace(secret, "…") if secret else said
        raced = any(mark in words for mark in ("non-fast-forward", "fetch first", "cannot lock ref", "stale info"))
        lines = [line.strip() for line in words.splitlines() if line.strip()]
        return GitError(f"git {what}: {' '.join(lines[-4:])[:1500] or 'it failed without a word'}", raced)

    def environment(self) -> dict[str, str]:
        """What git may know: nothing of this machine's settings, and one protocol."""
        job = self.job
        ssh = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15"]
        if key := os.environ.get("DELIVERY_SSH_KEY_FILE"):
            ssh += ["-o", "IdentitiesOnly=yes", "-i", f"'{key}'"]
        name, mail = job.person
        return {
            **{one: os.environ[one] for one in _KEPT if one in os.environ},
            "HOME": str(self.place), "LANG": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true", "GIT_ALLOW_PROTOCOL": job.scheme, "GIT_SSH_COMMAND": " ".join(ssh),
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": f"{job.moment} +0000",
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": mail, "GIT_COMMITTER_DATE": f"{job.moment} +0000",
            "MEWS_GIT_USER": job.credentials.user or "mews", "MEWS_GIT_PASSWORD": job.credentials.password,
        }  # fmt: skip
