"""Pages of packs: the list, one pack with its rules, its settings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.packs import materials, pack_services, previewing
from studio.packs.conflicts import Conflict
from studio.packs.models import Pack, Release
from studio.packs.pack_forms import MemberForm, PackForm


@team_required("viewer")
@require_GET
def packs(request: TeamRequest) -> HttpResponse:
    """The team's packs."""
    found = Pack.objects.filter(team=request.team).select_related("owner").annotate(n=Count("releases"))
    out = Prefetch("releases", Release.objects.light())
    rows = [{"pack": one, "latest": latest(one)} for one in found.prefetch_related(out)]
    context = {"rows": rows, "may_write": _may(request, "author"), "may_release": _may(request, "maintainer")}
    return render(request, "packs/packs.html", context)


@team_required("author")
def create(request: TeamRequest) -> HttpResponse:
    """A new pack."""
    form = PackForm(request.POST if request.method == "POST" else None, team=request.team)
    if form.is_valid():
        return redirect(pack_services.create(request.team, request.user, **form.cleaned_data))
    return _form(request, form, None)


@team_required("author")
def settings(request: TeamRequest, name: str) -> HttpResponse:
    """What the pack says of itself."""
    pack = _pack(request, name)
    form = PackForm(request.POST if request.method == "POST" else None, team=request.team, instance=pack)
    if form.is_valid():
        fresh = _pack(request, name)
        try:
            pack_services.change(fresh, request.user, number(request.POST.get("seen")), **form.cleaned_data)
            return redirect(fresh)
        except pack_services.StalePackError as error:
            form.add_error(None, str(error))
    return _form(request, form, _pack(request, name))


@team_required("viewer")
@require_GET
def pack(request: TeamRequest, name: str) -> HttpResponse:
    """The pack: its rules, what stands in the way of a release, its releases."""
    found = _pack(request, name)
    polled = request.htmx.target == "preview"
    seen = previewing.look(found, retry=not polled)
    if polled:
        return preview(request, seen, found.get_absolute_url())
    page = Paginator(seen.members, materials.SHOWN).get_page(request.GET.get("page"))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    others = [] if found.by_query else materials.others(seen.rules, seen.members, text)
    releases = found.releases.light().select_related("made_by", "pack")
    context: dict[str, Any] = {
        "pack": found,
        "seen": seen,
        "proposal": seen.proposal,
        "lines": _lines(found, seen, page),
        "page": page,
        "general": [one for one in seen.conflicts if one.place < 0],
        "releases": sorted(releases, key=lambda one: one.pk, reverse=True),
        "others": others[: materials.SHOWN],
        "others_count": len(others),
        "asked": text,
        "may_write": _may(request, "author"),
        "may_release": _may(request, "maintainer"),
    }
    return render(request, "packs/pack.html", context)


def preview(request: TeamRequest, seen: previewing.Look, address: str) -> HttpResponse:
    """How far the worker is; asked again until it is through."""
    return render(request, "packs/_preview.html", {"seen": seen, "address": address})


@team_required("author")
@require_POST
def rules(request: TeamRequest, name: str) -> HttpResponse:
    """Add rules by hand."""
    found = _pack(request, name)
    wanted = [number(text) for text in request.POST.getlist("draft")[: materials.MOST_RULES]]
    try:
        count = pack_services.add(found, request.user, wanted)
        words = f"{count} rule{'s' if count != 1 else ''} added." if count else "No rule was chosen."
        messages.success(request, words) if count else messages.info(request, words)
    except pack_services.TooManyRulesError as error:
        messages.error(request, str(error))
    return redirect(found)


@team_required("author")
@require_POST
def arrange(request: TeamRequest, name: str) -> HttpResponse:
    """Order, switches, priorities, and the rules that leave."""
    found = _pack(request, name)
    first, count = number(request.POST.get("first")) or 1, min(number(request.POST.get("count")), materials.SHOWN)
    forms = [MemberForm(request.POST, prefix=str(place)) for place in range(first, first + count)]
    if not all(form.is_valid() for form in forms):
        messages.error(request, "A place in the order is a whole number from 0 to 99,999. Nothing was saved.")
        return redirect(found)
    rows = [form.cleaned_data for form in forms]
    gone = [number(text) for text in request.POST.getlist("remove")]
    try:
        pack_services.arrange(found, request.user, number(request.POST.get("seen")), rows, gone)
        messages.success(request, "Saved.")
    except pack_services.StalePackError as error:
        messages.error(request, str(error))
    return redirect(f"{found.get_absolute_url()}?page={(first - 1) // materials.SHOWN + 1}" if first > 1 else found)


def _lines(pack: Pack, seen: previewing.Look, page: Page[Any]) -> list[dict[str, Any]]:
    """The rules of one page, each with its form and what stands against it."""
    against: dict[int, list[Conflict]] = defaultdict(list)
    for one in seen.conflicts:
        against[one.place + 1].append(one)
    return [
        {
            "one": one.listed,
            "rule": one.rule,
            "form": MemberForm(initial={**vars(one.listed), "place": place}, prefix=str(place)),
            "conflicts": against[place],
        }
        for place, one in enumerate(materials.whole(pack.team, list(page)), page.start_index())
    ]


def latest(pack: Pack) -> Any:
    """The newest version that is ready and neither yanked nor rolled back."""
    ready = [one for one in pack.releases.all() if one.state == "done" and not one.is_withdrawn]
    return max(ready, key=lambda one: one.sort_key, default=None)


def number(text: str | None) -> int:
    """A whole number from the address or a form; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _pack(request: TeamRequest, name: str) -> Pack:
    return get_object_or_404(Pack.objects.select_related("owner", "team"), team=request.team, name=name)


def _may(request: TeamRequest, role: str) -> bool:
    return allows(request.user, request.team, role)


def _form(request: TeamRequest, form: PackForm, pack: Pack | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "packs/pack_form.html", {"form": form, "pack": pack}, status=status)
