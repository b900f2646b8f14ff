"""The frame's own pages: the way in, search, the palette, look, health, metrics."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import condition, require_POST, require_safe
from django_prometheus.exports import ExportToDjangoView

from studio.ui import commands, nav, vocabulary
from studio.ui.look import YEAR, chosen, cookie_name


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page that this house has: drafts where there are any, else the first entry of the rail."""
    links = nav.links("/")
    drafts = [link for link in links if link.label == "Drafts"]
    return redirect(next(iter(drafts or links)).url)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What can be done, and what every room finds for `q`, of at most 200 characters."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context = {
        "search_text": text,
        "hits": nav.search(request, text) if text else [],
        "groups": [one for one in commands.groups(request, text, _page(request), whole=True) if one.commands],
    }
    return render(request, "search.html", context)


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """The same, short, as the list below the search field; `at` is the path of the page that is open."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    return render(
        request, "palette.html", {"search_text": text, "groups": commands.groups(request, text, _page(request))}
    )


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The keyboard shortcuts as a page, for those without JavaScript and for reading at leisure."""
    return render(request, "shortcuts.html")


def _page(request: HttpRequest) -> str:
    return request.GET.get("at", "")[:300]


@require_safe
@condition(etag_func=lambda request: vocabulary.document()[1])
def editor_vocabulary(request: HttpRequest) -> HttpResponse:
    """What the editor completes; browsers keep it and ask whether it changed."""
    answer = HttpResponse(vocabulary.document()[0], content_type="application/json")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember the parts of the look that were posted, and go back to the page."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(back if safe else "/")
    for part, value in chosen(request.POST).items():
        answer.set_cookie(cookie_name(part), value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return answer


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
