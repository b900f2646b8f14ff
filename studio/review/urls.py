"""Addresses of reviews."""

from __future__ import annotations

from django.urls import path

from studio.review import views

app_name = "review"

urlpatterns = [
    path("", views.index, name="list"),
    path("drafts/<int:pk>/", views.hand_in, name="hand_in"),
    path("<int:pk>/", views.revision, name="revision"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
