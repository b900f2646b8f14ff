"""Addresses of the behaviour room, below /behaviours/."""

from django.urls import path

from studio.behaviours import views

app_name = "behaviours"
urlpatterns = [
    path("", views.index, name="index"),
    path("describe/", views.describe_own, name="describe"),
    path("<slug:behaviour_id>/", views.detail, name="detail"),
]
