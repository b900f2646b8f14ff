"""Falco's verdict as a partial that asks again while it waits."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from studio.verdicts.models import FalcoCheck


@login_required
@require_GET
def check(request: HttpRequest, digest: str) -> HttpResponse:
    """The verdict of one check; the digest is only known to who holds the text."""
    return render(request, "verdicts/_check.html", {"check": get_object_or_404(FalcoCheck, digest=digest)})
