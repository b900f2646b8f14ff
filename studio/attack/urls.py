"""Addresses of the ATT&CK room, below /attack/."""

from django.urls import path

from studio.attack import views

app_name = "attack"
urlpatterns = [
    path("", views.matrix_page, name="matrix"),
    path("techniques/", views.list_page, name="list"),
    path("techniques/<str:attack_id>/", views.technique_page, name="technique"),
    path("groups/<str:attack_id>/", views.group_page, name="group"),
    path("software/<str:attack_id>/", views.software_page, name="software"),
]
