"""Addresses of Falco's verdicts."""

from django.urls import path

from studio.verdicts import views

app_name = "verdicts"
urlpatterns = [path("<str:digest>/", views.check, name="check")]
