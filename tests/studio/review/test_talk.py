"""Comments: threads on the whole, a part or a line; resolve, suggestions that are applied with a click, mentions."""

from __future__ import annotations

import pytest

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import edits
from studio.review import talk
from studio.review.mentions import mentioned
from studio.review.models import Comment, Thread
from studio.review.talk import CannotTalkError, Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(house):
    return house.hand_in()


def say(people, revision, by=None, place="whole", text="Why root?", **more):
    return talk.begin(revision.pk, people.team, by or people.rui, Place(place, more.pop("line", None)), text, **more)


def post(client, who, address, **data):
    client.force_login(who)
    return client.post(address, data, follow=True)


@pytest.mark.parametrize(
    ("place", "line", "tab"),
    [("whole", "", ""), ("condition", "", ""), ("exceptions", "", ""), ("details", "", ""), ("line", "3", "?tab=yaml")],
)
def test_it_is_said_and_read_at_its_place(client, people, revision, place, line, tab):
    answer = post(
        client, people.rui, f"/reviews/{revision.pk}/threads/", place=place, line=line, text="Is `-rf` enough?"
    )
    thread = Thread.objects.get()
    assert answer.redirect_chain[-1][0] == f"/reviews/{revision.pk}/{tab}#thread-{thread.pk}"
    assert "Is <code>-rf</code> enough?" in answer.content.decode()
    assert JournalEntry.objects.filter(verb="comment.made").count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"place": "whole", "text": "  "}, "Write something first."),
        ({"place": "line", "line": "9999", "text": "x"}, "no such line"),
        ({"place": "line", "text": "x"}, "no such line"),
        ({"place": "exceptions", "text": "x", "suggestion": "y"}, "can be suggested for"),
        ({"place": "nowhere", "text": "x"}, "not one of the available choices"),
        ({"place": "whole", "text": "x" * 4001}, "at most 4000"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(client, people, revision, data, words):
    page = post(client, people.rui, f"/reviews/{revision.pk}/threads/", **data).content.decode()
    assert words in page
    assert not Thread.objects.exists()


def test_the_end_of_a_line_counts_once(client, people, revision):
    post(client, people.rui, f"/reviews/{revision.pk}/threads/", place="whole", text="ab\r\n" * 1333)
    assert Comment.objects.get().text == ("ab\n" * 1333).strip()


def test_it_is_answered_resolved_and_opened_again(client, people, revision):
    thread = say(people, revision).thread
    assert (
        "Because" in post(client, people.ada, f"/reviews/threads/{thread.pk}/reply/", text="Because.").content.decode()
    )
    page = post(client, people.ada, f"/reviews/threads/{thread.pk}/resolve/").content.decode()
    assert "Resolved by Ada Author" in page
    post(client, people.rui, f"/reviews/threads/{thread.pk}/resolve/", reopen="1")
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_a_suggestion_is_applied_with_a_click_and_settles_its_thread(client, people, desk, revision):
    comment = say(people, revision, place="output", text="Shorter.", suggestion="Recovery is gone (%proc.cmdline)")
    client.force_login(people.ada)
    assert "Apply to the draft" in client.get(f"/reviews/{revision.pk}/").content.decode()
    page = post(client, people.ada, f"/reviews/comments/{comment.pk}/apply/", version=desk.now().version)
    assert "Applied by Ada Author" in page.content.decode()
    assert desk.now().rule_content().output == "Recovery is gone (%proc.cmdline)"
    comment.thread.refresh_from_db()
    assert comment.thread.resolved_by == people.ada
    revision.refresh_from_db()
    assert "Recovery is gone" not in revision.yaml
    with pytest.raises(CannotTalkError, match="nothing to apply"):
        talk.apply(comment.pk, people.team, people.ada, desk.now().version)


def test_each_part_takes_its_suggestion(people, desk, revision):
    for place, field in (("condition", "condition"), ("details", "desc")):
        comment = say(people, revision, place=place, suggestion="evt.type = execve")
        talk.apply(comment.pk, people.team, people.ada, desk.now().version)
        assert getattr(desk.now().rule_content(), field) == "evt.type = execve"


def test_a_suggestion_never_overwrites_what_the_author_wrote_meanwhile(people, house, revision):
    comment = say(people, revision, place="output", suggestion="Mine")
    seen = house.desk.now().version
    house.edit(edits.set_output("Ada's own"))
    with pytest.raises(CannotTalkError, match="has changed since"):
        talk.apply(comment.pk, people.team, people.ada, seen)
    other = say(people, revision, place="details", suggestion="Better words.")
    with pytest.raises(CannotTalkError, match="since this page was opened"):
        talk.apply(other.pk, people.team, people.ada, seen)
    assert house.desk.now().rule_content().output == "Ada's own"


def test_a_suggestion_that_changes_nothing_is_none(people, revision):
    comment = say(people, revision, place="output", suggestion=f"{revision.rule_content().output}\n")
    assert comment.suggestion is None


def test_open_threads_of_earlier_revisions_stay_in_sight(client, people, house, revision):
    say(people, revision, place="output")
    house.edit(edits.set_output("Other"))
    second = house.hand_in()
    client.force_login(people.ada)
    page = client.get(f"/reviews/{second.pk}/").content.decode()
    assert "Open in other revisions" in page
    assert "Output, revision 1" in page


def test_viewers_read_and_strangers_do_not(client, people, revision):
    thread = say(people, revision).thread
    with pytest.raises(RoleNeeded):
        say(people, revision, people.vic)
    client.force_login(people.vic)
    page = client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "Why root?" in page
    assert "Reply" not in page
    client.force_login(people.sam)
    for address in (f"threads/{thread.pk}/reply/", f"threads/{thread.pk}/resolve/", f"{revision.pk}/threads/"):
        assert client.post(f"/reviews/{address}", {"text": "x", "place": "whole"}).status_code == 404


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Rui look", ["Rui Reviewer"]),
        ("@rui reviewer, and @Ann", ["Rui Reviewer", "Ann Administrator"]),
        ("mail rui@harbour.example", []),
        ("@Ruid @Sam", []),
        ("(@Mai) @mai @Mai Maintainer", ["Mai Maintainer"]),
    ],
)
def test_it_knows_who_is_meant(people, text, names):
    assert [one.name for one in mentioned(text, people.team.members.all())] == names


def test_a_first_name_that_two_share_means_neither(people):
    people.mai.name = "Rui Other"
    people.mai.save()
    everybody = people.team.members.all()
    assert mentioned("@Rui", everybody) == []
    assert [one.name for one in mentioned("@Rui Other", everybody)] == ["Rui Other"]


def test_a_comment_is_text_and_never_markup(client, people, revision):
    say(people, revision, text="<script>alert(1)</script> `<b>` @Ada")
    client.force_login(people.ada)
    page = client.get(f"/reviews/{revision.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<code>&lt;b&gt;</code>" in page
    assert '<b class="mentioned">@Ada Author</b>' in page
