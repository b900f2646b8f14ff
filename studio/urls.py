"""Addresses: the frame's own pages, then every room that has urls.py under its prefix (studio/rooms.py)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from studio import rooms
from studio.accounts import door
from studio.ui import views as ui

urlpatterns: list[URLPattern | URLResolver] = [
    path("", ui.home, name="home"),
    path("search/", ui.search, name="search"),
    path("palette/", ui.palette, name="palette"),
    path("shortcuts/", ui.shortcuts, name="shortcuts"),
    path("editor/vocabulary.json", ui.editor_vocabulary, name="editor_vocabulary"),
    path("look/", ui.look, name="look"),
    path("healthz", ui.healthz, name="healthz"),
    path("metrics", ui.metrics, name="metrics"),
    path("setup/<str:token>/", door.setup, name="setup"),
    path("invitation/<str:token>/", door.invitation, name="invitation"),
    path("new-password/<str:token>/", door.new_password, name="new_password"),
    path("enter/<str:token>/", door.enter, name="enter"),
    path("account/", include("studio.accounts.signin_urls")),
    *(path(prefix, include(f"studio.{room}.urls")) for room, prefix in rooms.with_urls()),
]

handler400 = "studio.ui.errors.bad_request"
handler403 = "studio.ui.errors.forbidden"
handler404 = "studio.ui.errors.not_found"
handler429 = "studio.ui.errors.too_many"
handler500 = "studio.ui.errors.server_error"
