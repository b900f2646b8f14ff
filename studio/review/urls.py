"""Addresses of reviews."""

from __future__ import annotations

from django.urls import path

from studio.review.views import handing, lists, page, talking

app_name = "review"

urlpatterns = [
    path("", lists.index, name="list"),
    path("drafts/<int:pk>/", handing.hand_in, name="hand_in"),
    path("assignment/", lists.assignment, name="assignment"),
    path("<int:pk>/", page.revision, name="revision"),
    path("<int:pk>/why/<slug:key>/", page.why, name="why"),
    path("<int:pk>/emulation/", page.emulation, name="emulation"),
    path("<int:pk>/event-generator/", page.suite, name="suite"),
    path("<int:pk>/draft/", page.new_draft, name="new_draft"),
    path("<int:pk>/withdraw/", handing.withdraw, name="withdraw"),
    path("<int:pk>/reviewers/", handing.assign, name="assign"),
    path("<int:pk>/decide/", handing.decide, name="decide"),
    path("<int:pk>/threads/", talking.begin, name="comment"),
    path("threads/<int:pk>/reply/", talking.reply, name="reply"),
    path("threads/<int:pk>/resolve/", talking.resolve, name="resolve"),
    path("comments/<int:pk>/apply/", talking.apply, name="apply"),
]
