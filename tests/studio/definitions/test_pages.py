"""The pages of macros and lists: find, read, write with a preview, go back, put away."""

from __future__ import annotations

import html
import re

import pytest

from studio.definitions import items, queries
from studio.definitions.models import Definition

pytestmark = pytest.mark.django_db


def text(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def post(client, address, **data):
    return client.post(address, {"kind": "macro", "name": "", "description": "", "condition": "", "items": "", **data})


def test_the_list_has_own_and_built_in_ones(signed_in, shelf, desk):
    assert "No macros and lists of your own yet" in text(signed_in.get("/definitions/"))
    shelf.macro("acme_backup", "proc.name = rsync", "A backup ran.")
    desk.post("condition", condition="acme_backup")
    page = text(signed_in.get("/definitions/", {"origin": "own"}))
    assert "acme_backup A backup ran. macro proc.name = rsync 1 your team" in page
    assert "shell_binaries" not in page
    assert "shell_binaries" in text(signed_in.get("/definitions/", {"q": "shell_bin", "kind": "list"}))
    assert "Nothing matches" in text(signed_in.get("/definitions/", {"q": "nothing_like_it"}))
    assert "acme_backup" in text(signed_in.get("/search/", {"q": "acme backup"}))


def test_a_macro_is_made_and_found_by_its_name(signed_in, people):
    answer = post(
        signed_in, "/definitions/new/", name="acme_backup", condition="proc.name = rsync", description=" A\n b "
    )
    made = Definition.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.kind, made.description, made.updated_by) == ("macro", "A b", people.ada)
    assert signed_in.get("/definitions/named/acme_backup/").url == answer.url
    assert signed_in.get("/definitions/named/spawned_process/").url == "/definitions/library/spawned_process/"
    assert signed_in.get("/definitions/named/nobody_knows/").status_code == 404


def test_a_name_that_nobody_defines_leads_to_its_form(signed_in, desk):
    desk.post("condition", condition="spawned_process and acme_backup")
    for view in ("visual", "text"):
        page = signed_in.get(desk.url("condition"), {"view": view}).content.decode()
        assert 'href="/definitions/new/?name=acme_backup"' in page
    form = signed_in.get("/definitions/new/", {"name": "acme_backup"}).content.decode()
    assert 'name="name" value="acme_backup"' in form
    preview = post(signed_in, "/definitions/new/", name="acme_backup", condition="proc.name = rsync")
    assert "What changes if you save 1 draft at once" in text(preview)


def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in):
    answer = post(signed_in, "/definitions/new/", name="acme", condition="proc.nme = rsync")
    assert answer.status_code == 422
    assert "proc.nme" in text(answer)
    assert 'name="name" value="acme"' in answer.content.decode()
    assert not Definition.objects.exists()


def test_the_check_follows_what_is_typed(signed_in):
    said = text(post(signed_in, "/definitions/check/", name="acme", condition="spawned_process and not container"))
    assert "Falco takes it. In words all of spawned_process (“A program was started”) holds" in said
    wrong = post(signed_in, "/definitions/check/", name="spawned_process", condition="proc.name =")
    assert "There is a built-in macro of this name" in text(wrong)
    assert "&quot;severity&quot;: &quot;error&quot;" in wrong.content.decode()
    listed = text(post(signed_in, "/definitions/check/", kind="list", name="acme", items="a\nb\na"))
    assert "3 values, 1 of them repeated: a" in listed
    assert post(signed_in, "/definitions/check/", name="x" * 500).status_code == 422


def test_a_change_is_shown_before_it_is_saved(signed_in, shelf, house):
    found = shelf.list("acme_wipers", "rm", "chattr", "mkfs.ext4", "mount", "systemctl")
    house.desk.post("condition", condition="spawned_process and proc.name in (acme_wipers)")
    house.approve(house.hand_in())
    fields = {"kind": "list", "name": "acme_wipers", "items": "rm\nchattr", "version": 1}
    preview = post(signed_in, f"/definitions/{found.pk}/edit/", **fields)
    said = text(preview)
    assert "What changes if you save 1 draft at once Disable recovery features Draft" in said
    assert "attack events no longer match" in said
    assert "1 handed in: nothing, until somebody hands in again" in said
    assert queries.definition(shelf.team, found.pk).items[2] == "mkfs.ext4"
    seen = re.search(r'name="seen" value="(\w{64})"', preview.content.decode())[1]
    other = post(signed_in, f"/definitions/{found.pk}/edit/", **{**fields, "items": "rm", "seen": seen})
    assert "What changes if you save" in text(other), "another text wants a preview of its own"
    saved = post(signed_in, f"/definitions/{found.pk}/edit/", **fields, seen=seen)
    assert saved.url == found.get_absolute_url()
    assert queries.definition(shelf.team, found.pk).items == ["rm", "chattr"]
    page = text(signed_in.get(saved.url))
    assert "2 rules" in page
    assert "keeps the text that it was handed in with" in page


def test_a_stale_form_shows_both_texts(signed_in, shelf):
    found = shelf.macro("acme", "proc.name = rsync")
    shelf.write(found, condition="proc.name = restic")
    stale = post(signed_in, f"/definitions/{found.pk}/edit/", name="acme", condition="proc.name = tar", version=1)
    assert stale.status_code == 409
    assert "changed it in the meantime" in text(stale)
    assert "theirs: proc.name = restic yours: proc.name = tar" in text(stale)
    again = post(signed_in, f"/definitions/{found.pk}/edit/", name="acme", condition="proc.name = tar", version=2)
    assert again.status_code == 302


def test_an_earlier_version_is_compared_and_comes_back(signed_in, shelf):
    found = shelf.list("acme", "rsync", "restic")
    shelf.write(found, items=("rsync", "tar"))
    page = text(signed_in.get(f"/definitions/{found.pk}/versions/1/"))
    assert "Values then: restic now: tar" in page
    form = signed_in.get(f"/definitions/{found.pk}/edit/", {"version": "1"})
    assert "rsync\nrestic" in form.content.decode()
    post(signed_in, f"/definitions/{found.pk}/edit/", kind="list", name="acme", items="rsync\nrestic", version=2,
         label="Went back to version 1")  # fmt: skip
    assert [one.label for one in queries.history(found)] == ["Went back to version 1", "Changed", "Created"]
    assert signed_in.get(f"/definitions/{found.pk}/versions/9/").status_code == 404


def test_what_is_deleted_can_be_brought_back_at_once(signed_in, shelf, desk):
    found = shelf.macro("acme", "proc.name = rsync")
    desk.post("condition", condition="spawned_process and acme")
    refused = signed_in.post(f"/definitions/{found.pk}/delete/", follow=True)
    assert "It is used by the rule" in text(refused)
    desk.post("condition", condition="spawned_process")
    page = signed_in.post(f"/definitions/{found.pk}/delete/", follow=True)
    assert "acme was deleted." in text(page)
    assert "acme is back." in text(signed_in.post(f"/definitions/{found.pk}/bring-back/", follow=True))


def test_a_built_in_one_is_read_and_copied_under_another_name(signed_in, shelf):
    page = text(signed_in.get("/definitions/library/shell_binaries/"))
    assert "Copy to your team" in page
    assert "bash" in page
    form = signed_in.get("/definitions/new/", {"copy": "shell_binaries"}).content.decode()
    assert 'name="name" value="shell_binaries_own"' in form
    assert "bash\n" in form
    assert signed_in.get("/definitions/library/nobody/").status_code == 404


def test_values_are_found_sorted_and_thinned_out(signed_in, shelf):
    found = shelf.list("acme", *(f"tool{number}" for number in range(600)))
    page = text(signed_in.get(f"/definitions/{found.pk}/", {"find": "tool59"}))
    assert "600 values" in page
    assert "11 found tool59 tool590" in page
    tidy = {"kind": "list", "name": "acme", "version": 1}
    sorted_ = post(signed_in, f"/definitions/{found.pk}/edit/", **tidy, items="b10\nb9\na", do="sort").content.decode()
    assert "a\nb9\nb10</textarea>" in sorted_
    once = post(signed_in, f"/definitions/{found.pk}/edit/", **tidy, items="b\na\nb", do="once").content.decode()
    assert "b\na</textarea>" in once
    assert len(queries.definition(shelf.team, found.pk).items) == 600


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("a\n b \n\nc", ("a", "b", "c")),
        ("a, b;c\td", ("a", "b", "c", "d")),
        ('"a, b"\nc', ('"a, b"', "c")),
        ("f(x)\na=b", ('"f(x)"', '"a=b"')),
        ("it's\nfine", ("it's", "fine")),
        ("", ()),
    ],
)
def test_values_are_read_as_people_paste_them(typed, values):
    assert items.read(typed) == values
    assert items.read(items.show(values)) == values


@pytest.mark.parametrize(
    "junk",
    [
        {"kind": "rule"},
        {"version": "x"},
        {"condition": "(" * 5000},
        {"name": "\x00"},
        {"kind": "list", "items": "a\x00b"},
        {"kind": "list", "items": "x,\n" * 20_000},
        {"name": "a" * 101},
        {"do": "nothing"},
        {"condition": "not " * 4000 + "a"},
    ],
)
def test_junk_is_refused_not_broken(signed_in, junk):
    for address in ("/definitions/new/", "/definitions/check/"):
        assert post(signed_in, address, **{"name": "acme", **junk}).status_code in (200, 422)
    assert not Definition.objects.exists()
