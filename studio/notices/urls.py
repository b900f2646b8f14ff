"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from studio.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.index, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/", views.open_notice, name="open"),
]
