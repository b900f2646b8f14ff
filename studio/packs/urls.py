"""Addresses of exports, packs and releases."""

from django.urls import path

from studio.packs import (
    channel_views,
    coverage_views,
    delivery_views,
    pack_views,
    release_views,
    views,
    withdrawal_views,
)

app_name = "packs"
urlpatterns = [
    path("packs/", pack_views.packs, name="packs"),
    path("packs/new/", pack_views.create, name="pack_create"),
    path("packs/<slug:name>/", pack_views.pack, name="pack"),
    path("packs/<slug:name>/settings/", pack_views.settings, name="pack_settings"),
    path("packs/<slug:name>/rules/", pack_views.rules, name="pack_rules"),
    path("packs/<slug:name>/arrange/", pack_views.arrange, name="pack_arrange"),
    path("packs/<slug:name>/coverage/", coverage_views.matrix, name="coverage"),
    path("packs/<slug:name>/coverage/<str:file>", coverage_views.download, name="coverage_file"),
    path("packs/<slug:name>/compare/", release_views.compare, name="compare"),
    path("packs/<slug:name>/release/", release_views.start, name="release_start"),
    path("packs/<slug:name>/releases/<int:pk>/", release_views.release, name="release"),
    path("packs/<slug:name>/releases/<int:pk>/download/", release_views.download, name="release_download"),
    path("packs/<slug:name>/releases/<int:pk>/yank/", withdrawal_views.yank, name="release_yank"),
    path("packs/<slug:name>/releases/<int:pk>/rollback/", withdrawal_views.roll_back, name="release_rollback"),
    path("packs/<slug:name>/releases/<int:pk>/again/", release_views.again, name="release_again"),
    path("packs/<slug:name>/links/", channel_views.links, name="links"),
    path("packs/<slug:name>/links/<int:pk>/revoke/", channel_views.revoke, name="link_revoke"),
    path("packs/<slug:name>/destinations/", delivery_views.destinations, name="destinations"),
    path("packs/<slug:name>/destinations/new/<slug:kind>/", delivery_views.add, name="destination_add"),
    path("packs/<slug:name>/destinations/<int:pk>/", delivery_views.change, name="destination"),
    path("packs/<slug:name>/destinations/<int:pk>/remove/", delivery_views.remove, name="destination_remove"),
    path("packs/<slug:name>/releases/<int:pk>/deliveries/", delivery_views.deliveries, name="deliveries"),
    path("packs/<slug:name>/releases/<int:pk>/deliver/", delivery_views.deliver, name="deliver"),
    path("channels/<str:token>/", channel_views.poll, {"file": ""}, name="poll_nothing"),
    path("channels/<str:token>/<path:file>", channel_views.poll, name="poll"),
    path("index/", channel_views.index, name="index"),
    path("index/<int:pk>/revoke/", channel_views.index_revoke, name="index_revoke"),
    path("keys/", release_views.keys, name="keys"),
    path("keys/<slug:name>.pub", release_views.key, name="key"),
    path("", views.runs, name="list"),
    path("new/", views.start, name="start"),
    path("<uuid:pk>/", views.run, name="run"),
    path("<uuid:pk>/download/", views.download, name="download"),
]
