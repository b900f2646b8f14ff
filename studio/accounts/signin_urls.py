"""Sign-in, passwords, second factors, sessions, single sign-on by allauth; nothing of its open sign-up is reachable."""

from __future__ import annotations

from allauth.account import views
from allauth.mfa.webauthn.views import login_webauthn
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from studio.accounts import sign_in
from studio.environment import PROVIDER

urlpatterns = [
    path("login/", sign_in.unless_only_single_sign_on(views.login, shown=True), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("forgotten/", sign_in.unless_only_single_sign_on(sign_in.forgotten), name="account_forgotten"),
    path(
        "second-factor/webauthn/login/", sign_in.unless_only_single_sign_on(login_webauthn), name="mfa_login_webauthn"
    ),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/end/", sign_in.end_sessions, name="account_end_sessions"),
    path("sso/login/", sign_in.single_sign_on, {"provider_id": PROVIDER}, name="openid_connect_login"),
    path("sso/callback/", sign_in.back_from_provider, {"provider_id": PROVIDER}, name="openid_connect_callback"),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/error/", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("sso/", social.connections, name="socialaccount_connections"),
]
