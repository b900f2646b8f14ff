"""Addresses of saved views."""

from __future__ import annotations

from django.urls import path

from studio.saved import views

app_name = "saved"

urlpatterns = [
    path("keep/", views.keep, name="keep"),
    path("<int:pk>/forget/", views.forget, name="forget"),
]
