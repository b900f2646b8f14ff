"""From approved rules to a bundle on the desk, by hand in a real browser; then every file of it is looked at."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
import yaml
from playwright.sync_api import Page, expect

from rules_export.archives.packing import sha256
from rules_export.archives.unpacking import unpacked
from rules_export.artifacts.manifest import read_sums
from rules_export.verdict.loading import validate
from studio.packs import delivering, signing
from tests.browser import chromium, complaints, overflows
from tests.people import cast
from tests.studio.packs.test_git_push import bare, git  # noqa: F401 - a fixture
from tests.studio.packs.test_releases import own_folder, rule  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def held(page: Page) -> None:
    """Nothing for axe to complain of, and no sideways scrolling at either width."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not overflows(page), page.url
    assert complaints(page) == []


def _yanked(page) -> None:
    """Yank the release whose page is open, and look at its destinations."""
    page.get_by_role("link", name="Yank 1.0.0…").click()
    expect(page.get_by_role("region", name="Places that still hold it").first).to_contain_text("branch main")
    held(page)
    page.get_by_label("Reason").fill("Too loud.")
    page.get_by_role("button", name="Yank 1.0.0").click()
    expect(page.locator("#deliveries")).to_contain_text("Retracted")
    held(page)
    page.goto("/exports/packs/harbour/destinations/")
    expect(page.get_by_role("region", name="Table of destinations")).to_contain_text("nothing")
    held(page)


def test_approved_rules_become_a_bundle_that_holds_what_it_says(live_server, transactional_db, client, bare):  # noqa: F811
    people = cast()
    signing.new_key()
    rule(people)
    rule(people, name="Another rule", condition="spawned_process and proc.name = chattr", exceptions=[])
    client.force_login(people.mai)
    with chromium() as browser:
        context = browser.new_context(base_url=live_server.url, viewport=WIDE, accept_downloads=True)
        cookie = client.cookies["mews_session"].value
        context.add_cookies([{"name": "mews_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))

        page.goto("/exports/packs/new/")
        page.get_by_label("Title").fill("Harbour")
        page.get_by_label("Name for machines").fill("harbour")
        page.get_by_role("button", name="Make the pack").click()
        for box in page.get_by_role("region", name="Rules that are not in the pack").get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Add the chosen rules").click()
        held(page)
        destination = {"kind": "git", "label": "Clusters", "address": str(bare), "branch": "main"}
        pack = people.team.packs.get()
        delivering.add(pack, people.mai, **destination)

        page.get_by_role("link", name=re.compile("^Release")).click()
        held(page)
        page.get_by_role("button", name="Release 2 rules").click()
        expect(page.get_by_text("harbour-1.0.0.zip").first).to_be_visible()
        expect(page.locator("#deliveries")).to_contain_text("Commit ")
        held(page)
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download harbour-1.0.0.zip").click()
        assert taken.value.suggested_filename == "harbour-1.0.0.zip"
        data = taken.value.path().read_bytes()
        pushed = git(bare, "show", "main:harbour.yaml").encode()
        _yanked(page)
        assert errors == []
    looked_at(data)
    assert pushed == unpacked(data)["falco_rules.local.yaml"]
    assert git(bare, "ls-tree", "-r", "--name-only", "main") == ""


def looked_at(data: bytes) -> None:
    """Every file of the bundle, one by one."""
    files = unpacked(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
    sums = read_sums(files["SHA256SUMS"].decode())
    assert sums == {path: sha256(one) for path, one in files.items() if not path.startswith("SHA256SUMS")}
    assert signing.verify(files["SHA256SUMS"], files["SHA256SUMS.sig"])
    text = files["falco_rules.local.yaml"]
    names = [one["rule"] for one in yaml.load(text, yaml.BaseLoader) if "rule" in one]
    assert names == ["Another rule", "Disable recovery features"]
    assert files["rules.d/50-harbour.yaml"] == text
    told = json.loads(files["manifest.json"])
    assert [(one["name"], one["revision"], one["approvers"]) for one in told["rules"]] == [
        (name, 1, ["Rui Reviewer"]) for name in names
    ]
    assert yaml.safe_load(files["helm/values.yaml"])["customRules"]["harbour.yaml"].encode() == text
    assert yaml.safe_load(files["kubernetes/configmap.yaml"])["data"]["rules.yaml"].encode() == text
    inline = yaml.load(files["kubernetes/rulesfile.yaml"], yaml.BaseLoader)["spec"]["inlineRules"]
    assert inline == yaml.load(text, yaml.BaseLoader)
    assert yaml.safe_load(files["kubernetes/rulesfile-configmap.yaml"])["spec"]["configMapRef"] == {"name": "harbour"}
    image = unpacked(files["oci/harbour-1.0.0.tar"])
    index = json.loads(image["index.json"])
    manifest = json.loads(image["blobs/sha256/" + index["manifests"][0]["digest"].removeprefix("sha256:")])
    layer = image["blobs/sha256/" + manifest["layers"][0]["digest"].removeprefix("sha256:")]
    assert unpacked(layer) == {"harbour.yaml": text}
    layer_told = json.loads(files["navigator-layer.json"])
    assert (layer_told["versions"]["layer"], layer_told["domain"]) == ("4.5", "enterprise-attack")
    assert json.loads(files["findings.sarif"])["version"] == "2.1.0"
    rows = list(csv.DictReader(io.StringIO(files["rules.csv"].decode("utf-8-sig"))))
    assert [row["Rule"] for row in rows] == names
    for path in ("CATALOGUE.md", "catalogue.html", "README.md"):
        assert b"Harbour" in files[path]
    assert files["CHANGELOG.md"].startswith(b"# Changes of Harbour\n\n## 1.0.0")
    assert "tests/events.jsonl" in files or told["omitted"]
    known = {*sums, "SHA256SUMS", "SHA256SUMS.sig"}
    assert known == set(files)
    upstream = "- macro: spawned_process\n  condition: (evt.type in (execve, execveat))\n"
    assert validate([("falco_rules.yaml", upstream), ("falco_rules.local.yaml", text.decode())]).fatal is None
