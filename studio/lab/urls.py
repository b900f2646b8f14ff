"""Addresses of the lab."""

from __future__ import annotations

from django.urls import path

from studio.lab import views

app_name = "lab"

urlpatterns = [path("", views.index, name="index")]
