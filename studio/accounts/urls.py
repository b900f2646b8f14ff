"""Settings pages."""

from __future__ import annotations

from django.urls import path

from studio.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("switch/", views.switch_team, name="switch_team"),
    path("team/", views.team, name="team"),
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/<int:pk>/role/", views.change_role, name="change_role"),
    path("members/<int:pk>/remove/", views.remove, name="remove"),
    path("members/<int:pk>/password-link/", views.password_link, name="password_link"),
    path("members/<int:pk>/second-factor/", views.second_factor_off, name="second_factor_off"),
    path("members/<int:pk>/sessions/end/", views.end_sessions, name="end_sessions"),
    path("members/<int:pk>/close/", views.close_account, name="close_account"),
    path("members/<int:pk>/reopen/", views.reopen_account, name="reopen_account"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
