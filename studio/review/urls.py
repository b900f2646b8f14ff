"""Addresses of reviews."""

from __future__ import annotations

from django.urls import path

from studio.review.views import handing, lists, page

app_name = "review"

urlpatterns = [
    path("", lists.index, name="list"),
    path("drafts/<int:pk>/", handing.hand_in, name="hand_in"),
    path("<int:pk>/", page.revision, name="revision"),
    path("<int:pk>/draft/", page.new_draft, name="new_draft"),
    path("<int:pk>/withdraw/", handing.withdraw, name="withdraw"),
    path("<int:pk>/decide/", handing.decide, name="decide"),
]
