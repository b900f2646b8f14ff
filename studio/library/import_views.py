"""Import rules files: upload, check the preview, import, see the outcome, submit the drafts for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.definitions import queries as definitions
from studio.library import import_items, import_jobs, import_services
from studio.library.forms import PlacingForm, RulesFileForm
from studio.library.import_items import Change, ItemFilter
from studio.library.import_jobs import AlreadyImportedError, BusyError, ChangedChoicesError
from studio.library.importing import SKIP, Placing
from studio.library.models import ImportItem, RulesFile
from studio.review.permissions import NEEDS

#: Items on one page of the preview.
PER_PAGE = 100


@team_required("author")
@require_http_methods(["GET", "POST"])
def start(request: TeamRequest) -> HttpResponse:
    """Paste or choose a rules file."""
    form = RulesFileForm(request.POST, request.FILES) if request.method == "POST" else RulesFileForm()
    rule_set = definitions.rule_sets(request.team).filter(slug=request.GET.get("rule_set", "")).first()
    if request.method == "POST" and form.is_valid():
        placing = Placing(rule_set=rule_set.slug) if rule_set else None
        name, given = form.cleaned_data["name"], form.cleaned_data["given"]
        return redirect(import_jobs.start(request.team, request.user, name, given, placing))
    context = {"form": form, "rule_set": rule_set, "recent": import_jobs.imports(request.team)[:10]}
    return render(request, "library/import.html", context, status=422 if form.errors else 200)


@team_required("author")
@require_http_methods(["GET", "POST"])
def page(request: TeamRequest, pk: int) -> HttpResponse:
    """An import: its progress, its preview, or its outcome. A post does what its field `do` says."""
    try:
        file = import_jobs.imports(request.team).get(pk=pk)
        if request.method == "POST":
            act = _ACTS.get(request.POST.get("do", "import"))
            if act is None:
                raise Http404("Imports have no such action.")
            return act(request, file)
    except (RulesFile.DoesNotExist, OverflowError) as error:
        raise Http404("This team has no such import.") from error
    except (AlreadyImportedError, BusyError, ChangedChoicesError) as error:
        messages.info(request, str(error))
        return redirect("library:import_file", pk)
    return _shown(request, import_jobs.refresh(file))


def _shown(request: TeamRequest, file: RulesFile) -> HttpResponse:
    context: dict[str, Any] = {"file": file, "progress": file.progress}
    if file.state == RulesFile.State.READY:
        return render(request, "library/import_preview.html", {**context, **_preview(request, file)})
    if file.state == RulesFile.State.IMPORTED:
        return render(request, "library/imported.html", {**context, **_outcome(request, file)})
    return render(request, "library/import_progress.html", context)


def _preview(request: TeamRequest, file: RulesFile) -> dict[str, Any]:
    shown = ItemFilter.of(request.GET)
    pages = Paginator(shown.rows(file), PER_PAGE).get_page(request.GET.get("page"))
    groups = [
        {"kind": kind, "title": title, "rows": rows, "open": kind == "rule" or shown.kind == kind}
        for kind, title in import_items.KINDS.items()
        if (rows := [_row(one) for one in pages if one.kind == kind])
    ]
    if groups and not any(one["open"] for one in groups):
        groups[0]["open"] = True
    totals = {kind: file.items.filter(kind=kind).count() for kind in import_items.KINDS}
    return {
        "counts": import_items.count(file), "page": pages, "groups": groups, "shown": shown, "totals": totals,
        "standings": _present(file, "standing", import_items.STANDINGS),
        "verdicts": _present(file, "verdict", dict(ImportItem.Verdict.choices)),
        "kinds": import_items.KINDS, "together": import_items.TOGETHER,
        "title": file.placing.get("title") or file.name.rpartition("/")[2].partition(".")[0],
    }  # fmt: skip


def _present(file: RulesFile, name: str, words: Mapping[str, str]) -> dict[str, str]:
    """Those values of a column that the file's items have, with their words."""
    values = set(file.items.order_by().values_list(name, flat=True).distinct())
    return {value: label for value, label in words.items() if value in values}


def _row(item: ImportItem) -> dict[str, Any]:
    return {
        "item": item,
        "standing": import_items.STANDINGS.get(item.standing, item.standing),
        "choices": [(one, import_items.CHOICES.get(one, one)) for one in item.choices],
        "text": item.text[: import_items.MAX_TEXT],
        "cut": len(item.text) > import_items.MAX_TEXT,
    }


def _outcome(request: TeamRequest, file: RulesFile) -> dict[str, Any]:
    outcomes = import_services.outcomes(file)
    rules = [one for one in outcomes if one.kind == "rule" and one.did in {"added", "replaced"}]
    return {
        "groups": [
            (title, rows)
            for kinds, title in (
                (("rule_set",), "Rule set"),
                (("rule",), "Rules"),
                (("macro", "list"), "Macros and lists"),
            )
            if (rows := [one for one in outcomes if one.kind in kinds])
        ],
        "drafts": len(rules),
        "may_submit": bool(rules) and allows(request.user, request.team, NEEDS["hand in"]),
        "submitted": [one for one in file.submission if one[0]],
        "submitted_count": sum(1 for one in file.submission if one[2]),
    }


def _choices(request: TeamRequest) -> dict[str, str]:
    return {key: str(value) for key, value in request.POST.items() if ":" in key}


def _seen(request: TeamRequest) -> int | None:
    number = request.POST.get("version", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _address(request: TeamRequest, file: RulesFile, number: str = "") -> str:
    """The preview as the posted filter has it."""
    parts = ItemFilter.of(request.POST).parts
    if number.isascii() and number.isdigit():
        parts["page"] = number[:6]
    return f"{file.get_absolute_url()}{'?' if parts else ''}{urlencode(parts)}"


def _save(request: TeamRequest, file: RulesFile) -> HttpResponse:
    """Save the choices of the page; answers a single changed choice with the bar that counts them."""
    try:
        import_jobs.choose(file.pk, request.team, request.user, Change(_choices(request)), _seen(request))
    except ChangedChoicesError as error:
        if not request.htmx:
            raise
        return _bar(request, file, str(error), 409)
    if request.htmx:
        return _bar(request, file)
    pages = {"save": "at", "next": "next"}
    return redirect(_address(request, file, request.POST.get(pages.get(request.POST["do"], ""), "")))


def _bar(request: TeamRequest, file: RulesFile, trouble: str = "", status: int = 200) -> HttpResponse:
    now = import_jobs.imports(request.team).get(pk=file.pk)
    context = {"file": now, "counts": import_items.count(now), "bar_trouble": trouble}
    return render(request, "library/_import_bar.html", context, status=status)


def _together(request: TeamRequest, file: RulesFile) -> HttpResponse:
    """Set the choice of all items that the filter shows."""
    name = _TOGETHER.get(request.POST["do"], request.POST.get("together", ""))
    if name not in import_items.TOGETHER:
        messages.error(request, "Choose what to do with the items shown.")
        return redirect(_address(request, file))
    change = Change(_choices(request), name, ItemFilter.of(request.POST))
    import_jobs.choose(file.pk, request.team, request.user, change, _seen(request))
    return redirect(_address(request, file, request.POST.get("at", "")))


def _place(request: TeamRequest, file: RulesFile) -> HttpResponse:
    form = PlacingForm(request.POST, file.plan.get("rule_sets", ()))
    if not form.is_valid():
        messages.error(request, "Choose where macros and lists go, and a name of at most 100 characters.")
        return redirect(file)
    return redirect(import_jobs.place(file.pk, request.team, request.user, form.placing))


def _import(request: TeamRequest, file: RulesFile) -> HttpResponse:
    if choices := _choices(request):
        file = import_jobs.choose(file.pk, request.team, request.user, Change(choices), _seen(request))
        return redirect(import_jobs.ask(file.pk, request.team, request.user, file.version))
    return redirect(import_jobs.ask(file.pk, request.team, request.user, _seen(request)))


def _retry(request: TeamRequest, file: RulesFile) -> HttpResponse:
    return redirect(import_jobs.retry(file.pk, request.team, request.user))


def _submit(request: TeamRequest, file: RulesFile) -> HttpResponse:
    return redirect(import_jobs.submit(file.pk, request.team, request.user))


#: Buttons that set the choices of all shown items, and what they set.
_TOGETHER = {"all": "import", "none": SKIP}
_ACTS: Mapping[str, Callable[[TeamRequest, RulesFile], HttpResponse]] = {
    "filter": _save,
    "save": _save,
    "next": _save,
    "together": _together,
    "all": _together,
    "none": _together,
    "place": _place,
    "import": _import,
    "retry": _retry,
    "submit": _submit,
}
