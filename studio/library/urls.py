"""Addresses of approved rules."""

from __future__ import annotations

from django.urls import path

from studio.library import bulk_views, import_views, views

app_name = "library"

urlpatterns = [
    path("", views.index, name="list"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("import/", import_views.start, name="import"),
    path("import/<int:pk>/", import_views.page, name="import_file"),
    path("several/", bulk_views.bulk, name="bulk"),
    path("<int:draft>/", views.rule, name="rule"),
]
