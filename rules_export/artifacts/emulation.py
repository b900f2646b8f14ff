"""A shell script that plays behaviours without harm: in a scratch directory, nothing touched that was there before.

It prints what it does, cleans up behind itself, and refuses to run as root unless told to; then it plays only what
needs root. Made for sh, not for one shell in particular.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

_CONTAINERS = re.compile(r"(?:^|[;&|]\s*|\bthen\s+)(?:docker|podman|nerdctl|ctr|crictl|kubectl|helm)\s")
#: Files with a fixed name that a command makes: where one is there already, the step is passed over.
_FIXED = re.compile(r"(?<![\w$}./])((?:/tmp|/dev/shm)/[A-Za-z0-9._-]+)")
_NOT_OURS = ("/tmp/.X11-unix", "/tmp/.ICE-unix")  # noqa: S108 - of the host that runs the script
_ROOT = re.compile(r"#.*needs root")


@dataclass(frozen=True, slots=True)
class Step:
    """One behaviour to play. command: shell lines; a comment that says `needs root` makes it one for root."""

    title: str
    command: str

    @property
    def needs(self) -> str:
        """`root`, `containers` (a runtime or a cluster) or `user`."""
        if _ROOT.search(self.command):
            return "root"
        return "containers" if _CONTAINERS.search(self.command) else "user"

    @property
    def makes(self) -> tuple[str, ...]:
        """Files and directories outside the scratch directory that it names, each by its first part below /tmp."""
        found = dict.fromkeys(match.rstrip(".") for match in _FIXED.findall(self.command))
        return tuple(path for path in found if path not in _NOT_OURS)


def script(title: str, rules: Iterable[str], steps: Iterable[Step]) -> str:
    """The script. rules: names of those that should fire."""
    chosen = list(dict.fromkeys(steps))
    lines = [_called(step) for step in chosen]
    head = _HEAD.replace("@TITLE@", _line(title)).replace("@COUNT@", str(len(chosen)))
    expected = [f"expect {shlex.quote(_line(name))}" for name in rules]
    return "\n".join([head, *expected, *lines, _FOOT])


def _called(step: Step) -> str:
    return " ".join(["step", step.needs, shlex.quote(_line(step.title)), _quoted(step.command), *step.makes])


def _line(text: str) -> str:
    """One line without control characters: a title must not end a comment."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _quoted(command: str) -> str:
    return shlex.quote("".join(char for char in command.strip() if char.isprintable() or char in "\n\t"))


_HEAD = """\
#!/bin/sh
# @TITLE@
#
# Plays @COUNT@ behaviours without harm, so that one can see Falco's rules fire. For hosts for tests.
# Everything happens in a scratch directory that is removed at the end; a file that is there already is never touched.
set -eu

AS_ROOT=no
CONTAINERS=no
LIST=no

usage() {
    cat <<'END'
usage: sh emulate.sh [--list] [--containers] [--root]

  --list        print what would be done, and do nothing
  --containers  also what needs a container runtime or a cluster (images are pulled, pods are made and removed)
  --root        run as root, and then only what needs root
END
}

while [ $# -gt 0 ]; do
    case $1 in
        --root) AS_ROOT=yes ;;
        --containers) CONTAINERS=yes ;;
        --list) LIST=yes ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

UID_NOW=$(id -u)
if [ "$UID_NOW" -eq 0 ] && [ "$AS_ROOT" = no ] && [ "$LIST" = no ]; then
    echo "Refused: this is root. Run it as an ordinary user, or give --root to play only what needs root." >&2
    exit 3
fi
if [ "$UID_NOW" -ne 0 ] && [ "$AS_ROOT" = yes ]; then
    echo "Refused: --root is for root. Leave it out, or run it as root." >&2
    exit 3
fi

FRESH=
LIMIT=
if timeout --foreground 1 true >/dev/null 2>&1; then
    LIMIT="timeout --foreground 30" # in the foreground, so that Ctrl-C reaches the step
elif command -v timeout >/dev/null 2>&1; then
    LIMIT="timeout 30"
fi
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/mews-emulation.XXXXXX")
clean_up() {
    cd /
    rm -rf -- "$SCRATCH"
    # Only what was not there before the step that made it.
    if [ -n "$FRESH" ]; then rm -rf -- $FRESH; fi
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
HOME=$SCRATCH
TMPDIR=$SCRATCH
USER=${USER:-$(id -un)}
export HOME TMPDIR USER

RAN=0
PASSED_OVER=0

expect() { printf 'Falco should raise: %s\\n' "$1"; }

# step NEEDS TITLE COMMAND [PATH THAT IT MAKES]...
step() {
    needs=$1 title=$2 command=$3
    shift 3
    printf '\\n== %s\\n' "$title"
    printf '%s\\n' "$command" | sed 's/^/   $ /'
    if [ "$LIST" = yes ]; then return 0; fi
    why=
    if [ "$needs" = root ] && [ "$AS_ROOT" = no ]; then
        why="it needs root"
    elif [ "$needs" = user ] && [ "$AS_ROOT" = yes ]; then
        why="it is for an ordinary user"
    elif [ "$needs" = containers ] && [ "$CONTAINERS" = no ]; then
        why="it needs a container runtime or a cluster; give --containers"
    fi
    for path in "$@"; do
        if [ -z "$why" ] && { [ -e "$path" ] || [ -L "$path" ]; }; then
            why="$path is there already, and is not touched"
        fi
    done
    if [ -n "$why" ]; then
        printf '   passed over: %s\\n' "$why"
        PASSED_OVER=$((PASSED_OVER + 1))
        return 0
    fi
    FRESH="$*"
    status=0
    (cd "$SCRATCH" && exec $LIMIT sh -c "$command") </dev/null || status=$?
    if [ -n "$FRESH" ]; then rm -rf -- $FRESH; fi
    FRESH=
    printf '   ended with %s\\n' "$status"
    RAN=$((RAN + 1))
}
"""

_FOOT = """
printf '\\nPlayed %s, passed over %s.\\n' "$RAN" "$PASSED_OVER"
"""
