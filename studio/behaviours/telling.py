"""Which arguments of a command matter: what an attack cannot do without, and what changes from host to host."""

from __future__ import annotations

import re

from studio.behaviours.shell import Word
from studio.behaviours.words import names

#: Tools whose first words say what they do; these words count together, as `disable apport.service`.
VERB_TOOLS = names(
    """
    systemctl service git docker podman nerdctl kubectl oc helm crictl ctr lxc btrfs zfs zpool apt apt-get dnf
    yum apk pacman snap flatpak pip pip3 npm ip nft nmcli loginctl timedatectl hostnamectl localectl snapper
    virsh velero restic borg kopia aws gcloud az gsutil firewall-cmd ufw chkconfig update-rc.d rc-service
    rc-update initctl rabbitmqctl etcdctl vault terraform
    """
)
#: Options that say how much is printed, not what is done.
CHATTER = names(
    """
    -s -S -sS -q -v -vv -h -y -f -fs -fsS -sf -i -k -L -sL -sSL -fsSL --silent --quiet --verbose --help --yes
    """
)
#: Operands of dd that say how it copies, not what.
_HOW_DD = ("bs=", "ibs=", "obs=", "cbs=", "count=", "status=", "conv=", "iflag=", "oflag=", "skip=", "seek=")
MOST = 4
_VOLATILE = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-f]{8,}|^\d+$|https?://|@")
_OPTION = re.compile(r"[-+]\S")


def telling(tool: str, words: tuple[Word, ...]) -> tuple[str, ...]:
    """Texts that the arguments must contain, in their order, at most four: `("-rf", "/backup/")`."""
    found = _verbs(words) if tool in VERB_TOOLS else _options_and_values(words)
    if tool in ("dd", "dcfldd", "dc3dd"):
        found = [text for text in found if not text.startswith(_HOW_DD)]
    texts = dict.fromkeys(text for text in found if len(text) > 1)
    return tuple([text for text in texts if text not in CHATTER] or texts)[:MOST]


def essential(tool: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts without paths, addresses and numbers: the same deed on another host."""
    kept = tuple(text for text in texts if not _VOLATILE.search(text) and not _is_path(text))
    if tool in VERB_TOOLS:
        return tuple(text.split(" ", 1)[0] for text in kept[:1])
    return kept


def _verbs(words: tuple[Word, ...]) -> list[str]:
    """Runs of words without options between them, each as one text; options only where nothing else is left."""
    runs: list[list[str]] = [[]]
    for word in words:
        if _OPTION.match(word.parts[0]) or word.parts[0].startswith("--"):
            runs.append([])
            continue
        runs[-1].append(word.parts[0] if not word.is_literal else word.text)
        if not word.is_literal:
            runs.append([])
    texts = [" ".join(run[:3]).strip() for run in runs if run]
    return texts or [word.text for word in words if word.is_literal]


def _options_and_values(words: tuple[Word, ...]) -> list[str]:
    texts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else None
        if len(word.text) == 2 and word.text[0] == "-" and following is not None and _is_value(following):
            texts.append(f"{word.text} {following.text}")
            at += 2
            continue
        texts += [stretch.strip() for stretch in word.parts if len(stretch.strip()) > 1]
        at += 1
    return texts


def _is_value(word: Word) -> bool:
    text = word.text
    return (
        word.is_literal and bool(text) and not _OPTION.match(text) and not _is_path(text) and not _VOLATILE.search(text)
    )


def _is_path(text: str) -> bool:
    return text.startswith(("/", "./", "~/", "../")) or "=/" in text or " /" in text
