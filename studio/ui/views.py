"""The frame's own pages: the way in, health, metrics."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from studio.ui import nav


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page that this house has: drafts where there are any, else the first entry of the rail."""
    links = nav.links("/")
    drafts = [link for link in links if link.label == "Drafts"]
    if first := next(iter(drafts or links), None):
        return redirect(first.url)
    return render(request, "home.html")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the process answers and the database does too; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for whoever sends METRICS_TOKEN as bearer; without the setting the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
