"""Addresses of the coverage room, below /coverage/."""

from django.urls import path

from studio.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.matrix, name="matrix"),
    path("layer.json", views.layer, name="layer"),
    path("table.csv", views.table, name="table"),
]
