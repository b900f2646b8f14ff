"""Addresses: the settings page of tokens, the reference, and everything below v1/ (studio.api.door)."""

from __future__ import annotations

from django.urls import path, re_path

from studio.api import views

app_name = "api"

urlpatterns = [
    path("", views.reference, name="reference"),
    path("tokens/", views.index, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    re_path(r"^v1/(?P<rest>[\s\S]*)$", views.v1, name="v1"),
]
