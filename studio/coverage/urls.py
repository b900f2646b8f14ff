"""Addresses of the coverage room, below /coverage/."""

from django.urls import path

from studio.coverage import migration_views, views

app_name = "coverage"
urlpatterns = [
    path("", views.matrix, name="matrix"),
    path("attack-19/", migration_views.migrate, name="migrate"),
    path("<str:name>", views.download, name="download"),
]
