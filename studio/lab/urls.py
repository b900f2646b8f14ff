"""Addresses of the lab."""

from __future__ import annotations

from django.urls import path

from studio.lab import rule_views, run_views, views

app_name = "lab"

urlpatterns = [
    path("", views.index, name="index"),
    path("event/", views.event, name="event"),
    path("rules/", rule_views.rules, name="rules"),
    path("captures/", run_views.captures, name="captures"),
    path("runs/", run_views.uploads, name="runs"),
    path("runs/<uuid:pk>/", run_views.run, name="run"),
    path("runs/<uuid:pk>/cancel/", run_views.cancel, name="cancel"),
    path("runs/<uuid:pk>/again/", run_views.again, name="again"),
    path("runs/<uuid:pk>/keep/", run_views.keep, name="keep"),
    path("runs/<uuid:pk>/why/<slug:place>/", run_views.why, name="example"),
]
