"""What the editor completes is what the engine knows."""

from __future__ import annotations

from rules_export.catalog.fields import lookup


def test_it_offers_the_fields_operators_and_macros_of_the_engine(signed_in):
    offered = signed_in.get("/editor/vocabulary.json").json()
    fields = {field["name"]: field for field in offered["fields"]}
    assert fields["proc.name"]["type"] == lookup("proc.name").type == "CHARBUF"
    assert fields["proc.aname"]["arg"].startswith("[…]")
    assert "startswith" in offered["operators"]["CHARBUF"]
    assert "startswith" not in offered["operators"]["PORT"]
    assert {"spawned_process"} <= {macro["name"] for macro in offered["macros"]}
    assert "openat2" in offered["values"]["evt.type"]
    assert "O_CREAT" in offered["arguments"]["flags"]
    assert fields["proc.pgid"]["since"] == "0.40"
    assert fields["container.id"]["empty"].startswith("Empty outside of containers")
    assert all(entry["condition"] for entry in offered["macros"])
    assert all(entry["description"] for entry in offered["macros"] + offered["lists"])


def test_it_is_fetched_again_only_when_it_changed(signed_in, client):
    first = signed_in.get("/editor/vocabulary.json")
    assert signed_in.get("/editor/vocabulary.json", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_it_is_for_people_who_are_signed_in(client, db):
    assert client.get("/editor/vocabulary.json").status_code == 302
