"""Take files in: first what they would do, line by line where something is wrong, then all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.models import Team
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.behaviours import proof
from studio.behaviours.models import OwnBehaviour, State
from studio.behaviours.own import looking, reading, services
from studio.behaviours.own.looking import Said
from studio.behaviours.own.permissions import NEEDS
from studio.behaviours.own.reading import Read, UnreadableError


class ImportForm(forms.Form):
    """A file: YAML, or a zip archive of YAML files."""

    file = forms.FileField(
        label="File",
        help_text="A .yaml file with a list of behaviours, or a .zip of such files. At most 1 MiB unpacked.",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.zip"}),
    )


@dataclass(frozen=True, slots=True)
class Item:
    """One behaviour of the files. `becomes`: new, new version, draft changed, unchanged, or refused."""

    slug: str
    title: str
    file: str
    line: int
    becomes: str
    said: tuple[Said, ...] = ()


@team_required(NEEDS["write"])
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: TeamRequest) -> HttpResponse:
    """The form; a preview of what a file holds; and, confirmed, the import."""
    if request.method != "POST":
        return render(request, "behaviours/own/import.html", {"form": ImportForm()})
    if "texts" in request.POST:
        return _confirmed(request)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "behaviours/own/import.html", {"form": form}, status=422)
    upload = form.cleaned_data["file"]
    try:
        texts = reading.texts(upload.read(reading.MOST_BYTES + 1), upload.name[-200:])
    except UnreadableError as error:
        form.add_error("file", str(error))
        return render(request, "behaviours/own/import.html", {"form": form}, status=422)
    return _preview(request, texts)


def _preview(request: TeamRequest, texts: Mapping[str, str], status: int = 200) -> HttpResponse:
    items = preview(request.team, texts)
    wrong = sum(bool(item.said) for item in items)
    context = {
        "form": ImportForm(),
        "items": items,
        "wrong": wrong,
        "fresh": sum(item.becomes != "unchanged" for item in items),
        "texts": json.dumps(dict(texts)) if not wrong else "",
    }
    return render(request, "behaviours/own/import.html", context, status=422 if wrong else status)


def preview(team: Team, texts: Mapping[str, str]) -> list[Item]:
    """What each behaviour of the files would become, and what is wrong with it."""
    items: list[Item] = []
    seen: set[str] = set()
    for one in reading.all_texts(texts):
        if not isinstance(one, Read):
            name, error = one
            items.append(Item("", "", name, error.line, "refused", (Said(str(error), f"line {error.line}"),)))
            continue
        item = _item(team, one)
        if item.slug in seen:
            item = _refused(one, "The id stands twice in these files.")
        seen.add(item.slug)
        items.append(item)
    return items


def _item(team: Team, one: Read) -> Item:
    slug = str(one.record.get("id", ""))
    said = [
        Said(said.message[:1].upper() + said.message[1:], _where(one, said.key, said.number))
        for said in proof.of_record(one.record)[1]
    ]
    known = OwnBehaviour.objects.filter(team=team, slug=slug).first()
    newest = known.versions.first() if known else None
    if known is None and (taken := services.id_complaint(team, slug)):
        said.append(Said(f"The id {taken.message}.", _where(one, "id", 0)))
    if newest and newest.digest == services.digest(one.record):
        becomes = "unchanged"
    elif newest and newest.state == State.IN_REVIEW:
        becomes = "refused"
        said.append(Said("It is in review. Have it decided, or withdraw it, first.", _where(one, "id", 0)))
    else:
        becomes = "new" if newest is None else "draft changed" if newest.state == State.DRAFT else "new version"
    title = str(one.record.get("title", ""))[:200]
    return Item(slug[:100], title, one.file, one.line(""), "refused" if said else becomes, tuple(said))


def _refused(one: Read, message: str) -> Item:
    slug = str(one.record.get("id", ""))[:100]
    return Item(slug, "", one.file, one.line(""), "refused", (Said(message, _where(one, "id", 0)),))


def _where(one: Read, key: str, number: int) -> str:
    return looking.in_lines(one.line)(key, number)[1]


def _confirmed(request: TeamRequest) -> HttpResponse:
    """Everything is checked anew: what was shown travelled through the browser."""
    texts = _texts(request.POST.get("texts", ""))
    if texts is None:
        messages.error(request, "The files did not arrive whole. Choose them again.")
        return redirect("behaviours:own_import")
    if any(item.said for item in preview(request.team, texts)):
        return _preview(request, texts)
    records = [one.record for one in reading.all_texts(texts) if isinstance(one, Read)]
    try:
        review = bool(request.POST.get("hand_in"))
        made = services.take_in(request.team, request.user, records, for_review=review)
    except services.RefusedError as refusal:
        messages.error(request, f"Nothing was imported. {refusal}")
        return _preview(request, texts, 409)
    then = "in review" if review else "drafts; hand them in for review"
    messages.success(request, f"Imported {len(made)} of {len(records)}. They are {then}.")
    return redirect("behaviours:own_list")


def _texts(sent: str) -> dict[str, str] | None:
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found or len(found) > reading.MOST_FILES:
        return None
    texts = {str(name)[-200:]: text for name, text in found.items() if isinstance(text, str)}
    whole = len(texts) == len(found) and sum(map(len, texts.values())) <= reading.MOST_BYTES
    return texts if whole else None
