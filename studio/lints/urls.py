"""Pages of the lints."""

from __future__ import annotations

from django.urls import path

from studio.lints import views

app_name = "lints"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.page, name="page"),
    path("<slug:code>/switch/", views.switch, name="switch"),
]
