"""Addresses of approved rules."""

from __future__ import annotations

from django.urls import path

from studio.library import views

app_name = "library"

urlpatterns = [
    path("", views.index, name="list"),
    path("<int:draft>/", views.rule, name="rule"),
]
