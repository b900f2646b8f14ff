"""Loading a release: what becomes of it, and what is refused."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from studio.attack import models, queries, services
from studio.attack.importer import fetch
from studio.audit.models import JournalEntry
from tests.studio.attack import bundles as made
from tests.studio.attack.conftest import birds

pytestmark = pytest.mark.django_db


def state() -> tuple:
    """What the catalogue holds, in short."""
    return (
        models.Catalogue.objects.values_list("version", "digest").first(),
        models.Technique.objects.count(),
        models.GroupTechnique.objects.count(),
    )


def test_it_upgrades_and_downgrades_between_official_releases():
    first = services.sync(str(made.OFFICIAL_15 / "enterprise-attack.json"))
    assert (first.catalogue.version, first.catalogue.stix_version, first.before) == ("15.0", "2.0", None)
    fifteen = state()
    assert models.Technique.objects.filter(revoked=False, deprecated=False).count() == 637
    assert models.DetectionStrategy.objects.count() == 0
    assert "Copyright 2015-2024" in first.catalogue.copyright

    second = services.sync()
    assert (second.catalogue.version, second.before, second.catalogue.spec_version) == ("18.1", "15.0", "3.3.0")
    assert models.Technique.objects.filter(revoked=False, deprecated=False).count() == 691
    assert models.DetectionStrategy.objects.count() == 691
    assert queries.technique("T1059.004").parent.name == "Command and Scripting Interpreter"
    assert queries.technique("T1490").strategies.get().analytics.exists()

    services.sync(str(made.OFFICIAL_15 / "enterprise-attack.json"))
    assert state() == fifteen
    assert [entry.details["version"] for entry in JournalEntry.objects.order_by("number")] == ["15.0", "18.1", "15.0"]


def test_it_reads_every_kind_of_object(catalogue):
    perch = models.Technique.objects.get(pk="T9001")
    assert [tactic.slug for tactic in perch.tactics.all()] == ["nesting", "arrival"]
    assert {platform.name for platform in perch.platforms.all()} == {"Linux", "Windows"}
    assert perch.subtechniques.get().full_name == "Perch: Stoop"
    assert perch.group_uses.get().description == "Magpies sit."
    assert perch.mitigations.get().name == "Netting"
    watch = perch.strategies.get().analytics.get(pk="AN9001")
    assert watch.log_sources == [{"component": "Wing Beat", "name": "ebpf:wings", "channel": "beat"}]
    assert watch.knobs == [{"field": "Height", "description": "How high it sits"}]
    assert models.Group.objects.get().aliases == ["Thieves"]
    assert models.Software.objects.get(pk="S9002").kind == "tool"
    assert models.Technique.objects.get(pk="T9005").is_retired


def test_it_orders_tactics_as_the_matrix_does(catalogue):
    assert [tactic.slug for tactic in queries.tactics()] == ["nesting", "arrival", "impact"]
    assert models.Tactic.objects.get(slug="nesting").tag == "mitre_nesting"


def test_it_reads_stix_21_to_the_same_tables(tmp_path):
    services.sync(made.write(tmp_path / "20.json", birds()))
    before = state()[1:], models.Technique.objects.get(pk="T9001.001").parent_id
    loaded = services.sync(made.write(tmp_path / "21.json", made.as_stix_21(birds())))
    assert loaded.catalogue.stix_version == "2.1"
    assert (state()[1:], models.Technique.objects.get(pk="T9001.001").parent_id) == before


def test_it_leaves_out_relations_to_strangers_and_merges_doubles(tmp_path):
    perch = made.technique("T9001", "Perch")
    group = made.thing("intrusion-set", "G9001", "Magpies")
    again = {**made.relation("uses", group, perch, description="Two."), "id": made.stix_id("relationship", "again")}
    stranger = made.relation("uses", group, made.technique("T9999", "Nowhere"))
    one = made.relation("uses", group, perch, description="One.")
    loaded = services.sync(made.write(tmp_path / "r.json", made.release(perch, group, one, again, stranger)))
    assert loaded.left_out == 1
    assert models.GroupTechnique.objects.get().description == "One.\n\nTwo."


def test_it_drops_addresses_that_are_not_web_addresses(tmp_path):
    bad = {"source_name": "Guide", "url": "javascript:alert(1)", "description": "A book."}
    services.sync(made.write(tmp_path / "u.json", made.release(made.technique("T9001", "Perch", references=[bad]))))
    assert models.Technique.objects.get().references == [{"name": "Guide", "text": "A book.", "url": ""}]


def test_it_prefers_the_object_in_force_where_two_share_an_identifier(tmp_path):
    old = {**made.technique("T9001", "Old", revoked=True), "id": made.stix_id("attack-pattern", "old")}
    services.sync(made.write(tmp_path / "d.json", made.release(old, made.technique("T9001", "New"))))
    assert models.Technique.objects.get().name == "New"


def test_it_writes_the_same_release_only_when_asked(tmp_path):
    path = made.write(tmp_path / "birds.json", birds())
    assert services.sync(path).changed
    assert not services.sync(path).changed
    assert services.sync(path, again=True).changed


BAD = {
    "empty": (b"", "is empty"),
    "truncated": (json.dumps(birds()).encode()[:-200], "ends in the middle"),
    "not json": (b'{"type": "bundle", }', "is not JSON: .*line 1, column"),
    "compressed": (b"\x1f\x8b\x08\x00\xff\xff", "not UTF-8"),
    "a list": (b"[]", "not a STIX bundle"),
    "deep": (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
    "no objects": (b'{"type": "bundle", "objects": []}', "without objects"),
    "strange object": (b'{"type": "bundle", "objects": [7]}', "object number 1 has no STIX type and id"),
    "no matrix": (json.dumps({**birds(), "objects": made.tactics()}).encode(), "no enterprise matrix"),
    "mobile": (json.dumps(made.release(matrix_object=made.matrix(domain="mobile-attack"))).encode(), "mobile matrix"),
    "version unknown": (json.dumps(made.release(with_collection=False)).encode(), "which release of ATT&CK it is"),
    "version strange": (json.dumps(made.release(version="soon")).encode(), "without a release number"),
    "no order": (json.dumps(made.release(matrix_object=made.matrix(order=()))).encode(), "names none of its tactics"),
    "no techniques": (json.dumps(made.release(made.thing("tool", "S9002", "Hood", labels=["t"]))).encode(), "no techn"),
    "not stix": (
        json.dumps(made.release({**made.technique("T9001", "P"), "labels": 7})).encode(),
        "not valid STIX",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_it_refuses_what_is_no_release_and_keeps_the_catalogue(case, catalogue, tmp_path):
    data, message = BAD[case]
    (tmp_path / "bad.json").write_bytes(data)
    before = state()
    with pytest.raises(services.CatalogueError, match=message):
        services.sync(str(tmp_path / "bad.json"))
    assert state() == before


@pytest.mark.parametrize(("domain", "words"), [("mobile", "mobile matrix"), ("ics", "industrial control")])
def test_it_refuses_official_releases_of_other_domains(domain, words, catalogue):
    with pytest.raises(services.CatalogueError, match=words):
        services.sync(str(made.OFFICIAL_15 / f"{domain}-attack.json"))
    assert state()[1] == 6


def test_it_knows_an_official_file_from_a_changed_one(catalogue, tmp_path):
    changed = (made.OFFICIAL_15 / "enterprise-attack.json").read_bytes() + b"\n"
    (tmp_path / "changed.json").write_bytes(changed)
    with pytest.raises(services.CatalogueError, match="not that of an official release"):
        services.sync(str(tmp_path / "changed.json"))


def test_it_refuses_a_file_over_the_limit(catalogue, tmp_path, settings):
    settings.ATTACK_MAX_BYTES = 1000
    with pytest.raises(services.CatalogueError, match="larger than 1,000 bytes"):
        services.sync(made.write(tmp_path / "large.json", birds()))


@pytest.mark.parametrize("source", ["/dev/zero", "/nowhere/at/all.json", "."])
def test_it_reads_only_files(source, catalogue):
    with pytest.raises(services.CatalogueError, match="There is no file"):
        services.sync(source)


def test_it_undoes_everything_when_the_database_refuses(catalogue, tmp_path, monkeypatch):
    from studio.attack.importer import store

    before = state()
    wrong = (models.GroupTechnique, "group_id", "technique_id", "group_software")  # software where techniques belong
    monkeypatch.setattr(store, "_RELATIONS", (*store._RELATIONS, wrong))
    with pytest.raises(services.CatalogueError, match=r"does not fit the database .* Nothing was changed"):
        services.sync(made.write(tmp_path / "bad.json", birds()), again=True)
    assert state() == before


def test_the_command_says_what_it_did_and_what_went_wrong(catalogue, tmp_path, capsys):
    call_command("sync_attack", "--if-empty")
    assert "ATT&CK 90.1 is loaded; nothing to do." in capsys.readouterr().out
    call_command("sync_attack", source=made.write(tmp_path / "n.json", made.release(version="91.0")))
    assert "Loaded ATT&CK 91.0 in place of 90.1" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"The catalogue is as it was\."):
        call_command("sync_attack", source="/nowhere.json")


class Birdhouse(BaseHTTPRequestHandler):
    """Answers by path, for the downloads below."""

    def do_GET(self):
        data = json.dumps(made.release(version="92.0")).encode()
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/bundle.json")
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path == "/to-a-file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path in ("/bundle.json", "/short"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data if self.path == "/bundle.json" else data[:-9])
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            for _ in range(1000):
                self.wfile.write(b" " * 10_000)
        elif self.path == "/dribble":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b" ")
                threading.Event().wait(0.1)
        else:
            self.send_error(404)

    def log_message(self, *args):
        pass


@pytest.fixture
def birdhouse():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Birdhouse)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/bundle.json", "/moved"])
def test_it_loads_from_a_web_address(path, birdhouse, settings):
    settings.ATTACK_PRIVATE_ADDRESSES = True
    assert services.sync(birdhouse + path).catalogue.version == "92.0"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nothing", "answered 404"),
        ("/loop", "more than 5 redirects"),
        ("/to-a-file", "must begin with https:// or http://"),
        ("/short", "could not be read"),
        ("/endless", "larger than 100,000 bytes"),
        ("/dribble", "was not complete after"),
    ],
)
def test_it_bounds_what_a_server_can_do(path, message, birdhouse):
    limits = fetch.Limits(max_bytes=100_000, step_seconds=1.0, total_seconds=0.7, private_addresses=True)
    with pytest.raises(services.CatalogueError, match=message):
        fetch.download(birdhouse + path, limits)


def test_it_does_not_fetch_from_inside(birdhouse, catalogue):
    with pytest.raises(services.CatalogueError, match="inside a private network"):
        services.sync(birdhouse + "/bundle.json")
    assert state()[0][0] == "90.1"


def test_it_says_when_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(services.CatalogueError, match="could not be read"):
            fetch.download(f"http://127.0.0.1:{taken.getsockname()[1]}/", fetch.Limits(1000, private_addresses=True))


STRANGE = ["ftp://a.example/b", "file:///etc/passwd", "http://", "http://a:b@c.example/", "http://[::"]


@pytest.mark.parametrize("url", [*STRANGE, "http://a.example/\r\nX: y"])
def test_it_reads_only_web_addresses(url):
    with pytest.raises(services.CatalogueError, match="is not a web address"):
        fetch.download(url, fetch.Limits(1000))
