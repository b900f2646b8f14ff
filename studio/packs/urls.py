"""Addresses of exports."""

from django.urls import path

from studio.packs import views

app_name = "packs"
urlpatterns = [
    path("", views.runs, name="list"),
    path("new/", views.start, name="start"),
    path("<uuid:pk>/", views.run, name="run"),
    path("<uuid:pk>/download/", views.download, name="download"),
]
