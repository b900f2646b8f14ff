"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from studio.notices import views, webhook_views

app_name = "notices"

urlpatterns = [
    path("", views.index, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("mail/", views.mail, name="mail"),
    path("webhooks/", webhook_views.index, name="webhooks"),
    path("webhooks/<int:pk>/", webhook_views.webhook, name="webhook"),
    path("webhooks/<int:pk>/trial/", webhook_views.trial, name="webhook_trial"),
    path("webhooks/<int:pk>/secret/", webhook_views.renew_secret, name="webhook_secret"),
    path("webhooks/<int:pk>/delete/", webhook_views.delete, name="webhook_delete"),
    path("webhooks/deliveries/<int:pk>/", webhook_views.delivery, name="delivery"),
    path("webhooks/deliveries/<int:pk>/again/", webhook_views.again, name="delivery_again"),
]
