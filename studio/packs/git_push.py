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
from typing import TypeVar

from rules_export.artifacts.manifest import SUMS, read_sums
from studio.packs.places import Credentials

#: Called right before something is written; raises where the release no longer belongs there.
Check = Callable[[], object]
Tell = Callable[[str], object]
Result = TypeVar("Result")
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
    since 1970, so that the same release gives the same commit. person: as `Name <address>`. removed: paths to remove.
    only_over: write only where the branch holds at least one of these files with just this content; None for always.
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
    removed: frozenset[str] = frozenset()
    only_over: Mapping[str, bytes] | None = field(default=None, repr=False)
    credentials: Credentials = field(default=Credentials(), repr=False)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push led to: words for a person, the branch, and the commit at its tip ("" where nothing is ours)."""

    words: str
    branch: str
    commit: str


def push(job: Job, tell: Tell = lambda stage: None, check: Check = lambda: None) -> Pushed:
    """Push, and say what lies there now. Raises GitError, and what `check` raises."""
    return _repeated(job, lambda repository: repository.push(tell, check))


def drop(job: Job, branch: str, commit: str, check: Check = lambda: None) -> str:
    """Delete a branch of ours, if it is still there. Gives why it was left, where it was. Raises GitError."""
    return _repeated(job, lambda repository: repository.drop(branch, commit, check))


def _repeated(job: Job, do: Callable[[_Repository], Result]) -> Result:
    """Do it, from the start where somebody else pushed meanwhile: everything is checked again, nothing is forced."""
    with tempfile.TemporaryDirectory(prefix="mews-git-") as place:
        for left in reversed(range(ROUNDS)):
            try:
                return do(_Repository(Path(place), job))
            except GitError as error:
                if not error.raced or not left:
                    raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class _Repository:
    place: Path
    job: Job

    def push(self, tell: Tell, check: Check) -> Pushed:
        job = self.job
        target = job.own_branch or job.branch
        tell("Asking the repository")
        heads = self.heads()
        if job.own_branch in heads:
            words = f"The branch {job.own_branch} is there already; it was left as it is."
            return Pushed(words, target, heads[job.own_branch])
        parent = self.fetched(tell) if job.branch in heads else ""
        if job.own_branch and not parent:
            raise GitError(f"The repository has no branch {job.branch} that a merge request could go to.")
        if job.only_over is not None and not self.has(parent, job.only_over):
            return Pushed(f"Nothing to change: {job.branch} does not hold it.", target, "")
        tree = self.written(parent)
        if parent and tree == self.text("rev-parse", f"{parent}^{{tree}}"):
            return Pushed(f"Nothing to change: {job.branch} holds just this already, at {parent[:12]}.", target, parent)
        if not parent and not job.files:
            return Pushed(f"Nothing to change: there is no branch {job.branch}.", target, "")
        commit = self.committed(tree, parent)
        tell("Pushing")
        check()
        asks = ["merge_request.create", f"merge_request.target={job.branch}", f"merge_request.title={job.title}"]
        options = [f"--push-option={one}" for one in asks] if job.own_branch and job.asks_merge else []
        self.git("push", "--quiet", *options, "--", job.address, f"{commit}:refs/heads/{target}")
        return Pushed(f"Commit {commit[:12]} on {target}.", target, commit)

    def drop(self, branch: str, commit: str, check: Check) -> str:
        tip = self.heads().get(branch, "")
        if not tip:
            return ""
        if not commit or not tip.startswith(commit):
            return f"The branch {branch} was left as it is, because it has other commits. Delete it in the repository."
        check()
        lease = f"--force-with-lease=refs/heads/{branch}:{tip}"
        self.git("push", "--quiet", lease, "--", self.job.address, f":refs/heads/{branch}")
        return ""

    def heads(self) -> dict[str, str]:
        """Branch → the commit at its tip."""
        self.git("init", "--quiet", "--bare", ".")
        lines = self.git("ls-remote", "--heads", "--", self.job.address).decode("utf-8", "replace").splitlines()
        pairs = [line.split("\t", 1) for line in lines if "\t" in line]
        return {name.removeprefix("refs/heads/"): commit for commit, name in pairs}

    def has(self, parent: str, files: Mapping[str, bytes]) -> bool:
        """Whether the commit holds one of these files with this content."""
        for path, data in files.items():
            try:
                if parent and self.git("cat-file", "blob", f"{parent}:{path}") == data:
                    return True
            except GitError:
                continue  # no such file
        return False

    def fetched(self, tell: Tell) -> str:
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
        """Files of the previous release, as its own sums name them, that are no longer there, and those to remove."""
        if not parent:
            return []
        present = {path.decode("utf-8", "surrogateescape") for path in self.git("ls-files", "-z").split(b"\0")}
        leaving = {*self.job.removed, *self.summed(parent)} & present
        return sorted(leaving - self.job.files.keys())

    def summed(self, parent: str) -> list[str]:
        """The paths that the previous release's sums name."""
        folder = self.job.gone_with
        if folder is None:
            return []
        inside = f"{folder}/" if folder else ""
        try:
            told = read_sums(self.git("cat-file", "blob", f"{parent}:{inside}{SUMS}").decode())
        except (GitError, ValueError):
            return []
        return [inside + name for name in told]

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
