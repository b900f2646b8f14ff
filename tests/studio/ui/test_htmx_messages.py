"""Messages ride along with fragments for htmx, and stay for the next page otherwise."""

from __future__ import annotations

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django_htmx.middleware import HtmxMiddleware

from studio.ui.middleware import HtmxAnswers

FRAGMENT = "<p>Saved</p>"


def answer(rf, response, htmx=True):
    def view(request):
        messages.success(request, "Kept <safe>.")
        return response

    request = rf.get("/x", headers={"HX-Request": "true"} if htmx else {})
    chain = SessionMiddleware(MessageMiddleware(HtmxMiddleware(HtmxAnswers(view))))
    return chain(request).content.decode()


def test_it_appends_the_message_to_a_fragment(rf, db):
    page = answer(rf, HttpResponse(FRAGMENT))
    assert 'hx-swap-oob="beforeend"' in page
    assert "Kept &lt;safe&gt;." in page


@pytest.mark.parametrize(
    ("response", "htmx"),
    [
        (HttpResponse(FRAGMENT), False),
        (HttpResponse("<!doctype html><html><body></body></html>"), True),
        (HttpResponse("{}", content_type="application/json"), True),
        (HttpResponse(headers={"HX-Redirect": "/"}), True),
        (HttpResponse(status=302, headers={"Location": "/"}), True),
    ],
)
def test_it_leaves_everything_else_as_it_is(rf, db, response, htmx):
    before = response.content.decode()
    assert answer(rf, response, htmx) == before
