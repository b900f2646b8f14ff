"""The journal's address."""

from __future__ import annotations

from django.urls import path

from studio.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.journal, name="journal"),
    path("export/", views.export, name="export"),
]
