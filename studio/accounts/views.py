"""Pages about people: profile, members, links that work once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/profile.html")


@login_not_required
def setup(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "accounts/link_spent.html", status=410)


accept_invitation = new_password = enter = setup
