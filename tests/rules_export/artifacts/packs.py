"""A pack that the tests of artifacts share."""

from __future__ import annotations

from collections.abc import Mapping

from rules_export.artifacts.pack import Example, Member, Pack
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import Bundle, bundle

EXEC = {"evt.type": "execve", "proc.name": "systemctl", "proc.args": "disable apport.service", "container.id": "host"}
RECOVERY = Rule(
    name="Disable recovery features",
    condition='spawned_process and proc.name = systemctl and proc.args contains "disable apport.service"',
    output="Recovery disabled | user=%user.name command=%proc.cmdline",
    desc="Somebody disables the recovery services.",
    priority="CRITICAL",
    tags=("host", "process", "mitre_impact", "T1490"),
)
SHADOW = Rule(
    name="Read shadow",
    condition="open_read and fd.name = /etc/shadow",
    output="Shadow read | file=%fd.name",
    desc="=Somebody reads <shadow>.",
    priority="WARNING",
    tags=("host", "filesystem", "mitre_credential_access", "T1003.008"),
)
OPEN = {"evt.type": "openat", "proc.name": "cat", "fd.name": "/etc/shadow", "evt.is_open_read": True}
PACK = Pack(
    name="harbour-recovery",
    title="Harbour recovery",
    version="1.2.0",
    description="What destroys the way back.",
    changelog="# Changes\n\n- First.",
    members=(
        Member(
            RECOVERY,
            revision=3,
            approvers=("Rui Reviewer",),
            examples=(Example("systemctl disables apport", EXEC), Example("ordinary", {"evt.type": "execve"}, False)),
            emulation=('systemctl --root="$(mktemp -d)" disable apport 2>/dev/null || true',),
        ),
        Member(SHADOW, examples=(Example("cat reads shadow", OPEN),)),
    ),
    registry="ghcr.io",
    repository="acme/harbour-recovery",
    maintainers=(("Mai Maintainer", "mai@harbour.example"),),
)


def made(mode: str = "overlay") -> Bundle:
    return bundle([member.rule for member in PACK.members], mode, "Mews 0.1")  # type: ignore[arg-type]


def always(rule: Rule, fields: Mapping[str, object]) -> bool:
    return True
