"""The permission walk: every address × method × role, a member of another team, somebody without a team, a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.accounts import services as accounts
from studio.accounts.models import Membership, User
from studio.accounts.roles import Role
from studio.api import tokens
from studio.authoring import services as authoring
from studio.behaviours.own import services as own_behaviours
from studio.definitions import rule_sets
from studio.definitions import services as definitions
from studio.definitions.values import LIST, RuleSetTerms, Term
from studio.lab.models import LabRun, SampleEvent
from studio.library import import_jobs as imports
from studio.library import import_worker
from studio.notices import webhooks
from studio.notices.models import Notice, WebhookDelivery
from studio.packs.models import ExportRun, Pack, Release
from studio.review import decisions, talk
from studio.review import services as review
from studio.review.talk import Place
from studio.saved import services as saved
from tests.people import PASSWORD
from tests.studio.authoring.conftest import catalogue, desk, draft
from tests.studio.behaviours.own import record
from tests.studio.permission_table import OPEN, PERSON, TABLE, Row

__all__ = ["catalogue", "desk", "draft"]

pytestmark = pytest.mark.django_db

#: What no refusal answers: done, sent on, shown again with what is missing, changed by somebody else.
FINE = {200, 204, 302, 409, 422}
LOGIN = "/account/login/"
RULES = "- rule: Shell\n  desc: d\n  condition: evt.type = execve\n  output: o\n  priority: INFO\n"
WHO = ("vic", "ada", "rui", "mai", "ann", "sam", "lou", "nobody")
# The maintainer opens the most doors, and so asks the most of a database.
WHO_BY_DATABASE = [who if who == "mai" else pytest.param(who, marks=pytest.mark.any_database) for who in WHO]


def names(patterns: Any, space: str = "") -> Iterator[str]:
    """Every named address of the house."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}"


@dataclass
class Scene:
    """The people and one of each thing that an address can name."""

    people: dict[str, User | None]
    things: dict[str, Any]

    def address(self, name: str) -> str:
        return reverse(name, args=[self.things.get(one, one) for one in TABLE[name].args])


@pytest.fixture
def scene(people, desk):
    desk.write_article()
    written = desk.now()
    revision = review.hand_in(written.pk, people.team, people.ada, written.version)
    comment = talk.begin(revision.pk, people.team, people.rui, Place("output"), "Shorter.", "Short")
    copy = authoring.duplicate(written, people.team, people.ada)
    approved = review.hand_in(copy.pk, people.team, people.ada, copy.version)
    decisions.approve(approved.pk, people.team, people.rui, approved.content_hash)
    deleted = authoring.create(people.team, people.ada)
    authoring.delete(deleted.pk, people.team, people.ada)
    link, _ = accounts.invite(people.ann, people.team, "new@harbour.example", "author")
    pack = Pack.objects.create(team=people.team, owner=people.ada, name="base", title="Base")
    release = Release.objects.create(pack=pack, version="1.0.0", title="Base", members=[], made_by=people.mai)
    run = ExportRun.objects.create(team=people.team, requested_by=people.ada, mode="overlay", rules=[])
    event = SampleEvent.objects.create(set=written.samples, name="rm", fields={"proc.name": "rm"})
    notice = Notice.objects.filter(to=people.rui).first()
    membership = Membership.objects.get(user=people.vic)
    hook, _ = webhooks.create(people.ann, people.team, "Chat", "https://x.example/", "generic", ["rule.approved"])
    delivery = WebhookDelivery.objects.create(webhook=hook, message_id="msg_x", event="x", body="{}", state="done")
    lou = User.objects.create_user("lou@nowhere.example", "Lou Alone", PASSWORD)
    tools = definitions.create(people.team, people.ada, Term(LIST, "acme_tools", items=("rsync",)))
    gone = definitions.create(people.team, people.ada, Term(LIST, "acme_gone", items=("rsync",)))
    definitions.delete(gone.pk, people.team, people.ada)
    shells = RuleSetTerms({"acme_shells": Term(LIST, "acme_shells", items=("bash",))})
    source = rule_sets.Source(shells, [("rules.yaml", "- list: acme_shells\n  items: [bash]\n")])
    rule_set = rule_sets.create(people.team, people.ada, "Acme", source)
    behaviour = own_behaviours.create(people.team, people.ada, record())
    read = imports.start(people.team, people.ada, "rules.yaml", [("rules.yaml", RULES)])
    import_worker.carry_out(read)
    things = {
        "behaviour": behaviour.pk, "definition": tools.pk, "deleted_definition": gone.pk,
        "draft": written.pk, "deleted": deleted.pk, "revision": revision.pk, "thread": comment.thread_id,
        "comment": comment.pk, "invitation": link.pk, "membership": membership.pk, "pack": "base",
        "release": release.pk, "run": run.pk, "event": event.pk, "notice": notice.pk, "webhook": hook.pk,
        "delivery": delivery.pk, "rule": copy.pk, "rule_set": rule_set.slug,
        "file": read.pk,
        "token": tokens.make(people.ada, people.team, "Nightly", [], 30)[0].pk,
        "view": saved.keep(people.team, people.ada, "review:list", "All", "view=all", shared=True).pk,
    }  # fmt: skip
    things["lab_run"] = LabRun.objects.create(team=people.team, asked_by=people.ada, name="x", state="done").pk
    everybody = {name: getattr(people, name) for name in ("vic", "ada", "rui", "mai", "ann", "sam")}
    return Scene({**everybody, "lou": lou, "nobody": None}, things)


def expected(row: Row, need: str | None, who: str) -> str:
    """fine, no role, not there, sign in, or no such method."""
    if need is None:
        return "no such method"
    if need == OPEN:
        return "fine"
    if who == "nobody":
        return "sign in"
    if need == PERSON:
        return "fine"
    if who == "lou":
        return "no role"
    if who == "sam":
        return "not there" if row.owned else "fine"
    held = {"vic": "viewer", "ada": "author", "rui": "reviewer", "mai": "maintainer", "ann": "administrator"}[who]
    return "fine" if Role(held).includes(Role(need)) else "no role"


def said(answer: Any, row: Row) -> str:
    """What the answer says, in the same words."""
    if answer.status_code == 302 and answer.url.startswith(LOGIN):
        return "sign in"
    return {403: "no role", 404: "not there", 405: "no such method"}.get(answer.status_code, "fine")


def ask(client: Client, method: str, address: str, data: Any) -> Any:
    """One request, of which nothing stays."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data if method == "post" else None)
        transaction.set_rollback(True)
    return answer


def test_every_address_stands_in_the_table():
    known = set(names(get_resolver().url_patterns))
    assert known - set(TABLE) == set(), "Say in tests/studio/permission_table.py who may go there."
    assert set(TABLE) - known == set(), "The house has no such address any more."


@pytest.mark.parametrize("who", WHO_BY_DATABASE)
def test_everybody_gets_what_the_table_says(scene, who):
    client = Client(raise_request_exception=False)
    person = scene.people[who]
    wrong = {}
    for name, row in TABLE.items():
        for method, need in (("get", row.get), ("post", row.post)):
            if person:
                client.force_login(person)
            answer = ask(client, method, scene.address(name), dict(row.data))
            wanted, found = expected(row, need, who), said(answer, row)
            tolerated = answer.status_code in row.also and wanted == "fine"
            hidden = wanted == "no such method" and found != "fine"
            if answer.status_code >= 500 and answer.status_code not in row.also:
                wrong[f"{method} {name}"] = f"answered {answer.status_code}"
            elif not (found == wanted or tolerated or hidden):
                wrong[f"{method} {name}"] = f"{wanted} was expected, {found} ({answer.status_code}) came"
            elif wanted == "fine" and not tolerated and answer.status_code not in FINE:
                wrong[f"{method} {name}"] = f"answered {answer.status_code}"
    assert wrong == {}


@pytest.mark.any_database
@pytest.mark.parametrize("who", WHO)
def test_other_methods_open_no_other_door(scene, who):
    """PUT, PATCH and DELETE let nobody in whom GET and POST keep out."""
    client = Client(raise_request_exception=False)
    person = scene.people[who]
    wrong = {}
    for name, row in TABLE.items():
        may = "fine" in {expected(row, need, who) for need in (row.get, row.post)}
        for method in ("put", "patch", "delete"):
            if person:
                client.force_login(person)
            answer = ask(client, method, scene.address(name), None)
            broken = answer.status_code >= 500 and answer.status_code not in row.also
            if broken or (said(answer, row) == "fine" and not may):
                wrong[f"{method} {name}"] = answer.status_code
    assert wrong == {}
