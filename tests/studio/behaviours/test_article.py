"""The article that Mews grew from: its nine clauses come from picking behaviours as they are."""

from __future__ import annotations

import pytest

from rules_export.language.parser import parse
from studio.behaviours import conditions, queries

SERVICES = {
    "t1490-disable-systemd-backlight": "systemd-backlight@.service",
    "t1490-disable-apport": "apport.service",
    "t1490-disable-rescue": "rescue.service",
    "t1490-disable-emergency": "emergency.service",
    "t1490-disable-recovery-mode": "recovery-mode.service",
}
CLAUSES = {
    "t1490-rm-recursive-force": 'spawned_process and proc.name = "rm" and proc.args contains "-rf"',
    "t1490-chattr-immutable": 'spawned_process and proc.name = "chattr" and proc.args contains "+i"',
    "t1490-mkfs-nodiscard": 'spawned_process and proc.name = "mkfs.ext4" and proc.args contains "-E nodiscard"',
    "t1490-remount-readonly": 'spawned_process and proc.name = "mount" and proc.args contains "remount,ro"',
} | {
    key: f'spawned_process and proc.name = "systemctl" and proc.args contains "disable {service}"'
    for key, service in SERVICES.items()
}


@pytest.mark.parametrize("behaviour_id", CLAUSES)
def test_it_gives_exactly_the_article_s_clause(behaviour_id: str) -> None:
    assert parse(queries.get(behaviour_id).clause()) == parse(CLAUSES[behaviour_id])


def test_it_offers_the_nine_for_t1490_before_all_others() -> None:
    assert [behaviour.id for behaviour in queries.for_techniques(["T1490"])][:9] == list(CLAUSES)[:9]


def test_it_fires_nine_times_and_not_for_root() -> None:
    rule = " or ".join(f"({queries.get(key).clause()})" for key in CLAUSES)
    matcher = conditions.matcher(parse(f'({rule}) and user.name != "root"'))
    chosen = [queries.get(key) for key in CLAUSES]
    assert sum(any(matcher.matches(event.fields) for event in b.attack_events) for b in chosen) == 9
    assert not any(matcher.matches(event.fields) for b in chosen for event in b.benign_events)
    root = [event for b in chosen for event in b.look_alike_events if event.fields["user.name"] == "root"]
    assert len(root) >= 9
    assert not any(matcher.matches(event.fields) for event in root)


@pytest.mark.parametrize(
    ("command", "behaviour_id"),
    [
        ("rm /path/to/backupfile.tar.gz", "t1490-unlink-archives"),
        ("dd if=/dev/zero of=/path/to/backupfile.img", "t1490-dd-overwrite"),
        ("btrfs subvolume delete /path/to/snapshot", "t1490-btrfs-delete"),
        ("vi /path/to/snapshot", "t1490-snapshot-write"),
        ("vi /etc/default/grub", "t1490-grub-defaults"),
    ],
)
def test_it_covers_the_other_commands_that_the_article_names(command: str, behaviour_id: str) -> None:
    behaviour = queries.get(behaviour_id)
    tool = command.split()[0]
    seen = " ".join([behaviour.does, behaviour.template, *(str(e.fields) for e in behaviour.attack_events)])
    assert command.split()[-1] in seen or tool in seen or ".tar.gz" in seen
