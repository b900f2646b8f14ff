"""Pages of releases: propose, watch, download, compare."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from rules_export.compare.semver import reasons
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.packs import approving, previewing, release_services, rollback, signing
from studio.packs.comparing import differing
from studio.packs.delivery_views import told
from studio.packs.models import ChannelLink, Pack, Release
from studio.packs.newest import latest
from studio.packs.pack_forms import ReleaseForm
from studio.packs.pack_views import preview
from studio.packs.proposing import LEVELS
from studio.packs.queries import ArrayLength
from studio.packs.snapshot import content_of
from studio.review.lines import Line
from studio.stored import FileGoneError
from studio.ui.errors import gone

#: Changes between two releases that one page shows.
MOST_CHANGES = 500
#: What a file of a release is, for its line on the page; the first that fits the path's beginning or end.
KINDS = (
    (".zip", "Everything, as a zip"),
    (".tar.gz", "Everything, as a tar.gz"),
    ("falco_rules.local.yaml", "Packages and systemd: /etc/falco/falco_rules.local.yaml"),
    ("rules.d/", "Hosts with local rules of their own: /etc/falco/rules.d"),
    ("helm/", "The Helm chart falcosecurity/falco"),
    ("kubernetes/configmap", "Kubernetes: a ConfigMap"),
    ("kubernetes/rulesfile-configmap", "falco-operator 0.2.0 or later, from the ConfigMap"),
    ("kubernetes/rulesfile-oci-v0.1", "falco-operator 0.1.x, from the registry"),
    ("kubernetes/rulesfile-oci", "falco-operator 0.2.0 or later, from the registry"),
    ("kubernetes/rulesfile-v0.1", "falco-operator 0.1.x, rules inside"),
    ("kubernetes/", "falco-operator 0.2.0 or later, rules inside"),
    ("oci/index", "falcoctl: entry of an index"),
    ("oci/", "falcoctl: OCI image layout"),
    ("CATALOGUE", "The rules for people, as Markdown"),
    ("catalogue", "The rules for people, as a page"),
    ("rules.csv", "The rules for a spreadsheet"),
    ("navigator", "Layer for the ATT&CK Navigator"),
    ("findings", "Advice on the rules, as SARIF"),
    ("tests/events", "Sample events and what is expected"),
    ("tests/event-generator", "Suite for Falco's event-generator"),
    ("tests/not-played", "What the suite leaves out, and why"),
    ("tests/emulate", "Harmless commands that make the rules fire"),
    ("manifest", "Where every rule comes from"),
    ("SHA256SUMS.sig", "Signature over the digests"),
    ("SHA256SUMS", "Digests of all files"),
    ("README", "How to install it"),
    ("CHANGELOG", "What changed"),
)


@team_required("maintainer")
def start(request: TeamRequest, name: str) -> HttpResponse:
    """What the release would be; a POST makes it."""
    pack = _pack(request, name)
    polled = request.htmx.target == "preview"
    seen = previewing.look(pack, retry=not polled)
    if polled:
        response = preview(request, seen, request.path)
        if seen.proposal:
            response["HX-Refresh"] = "true"
        return response
    form = _form(request, pack, seen)
    if form.is_valid():
        try:
            return redirect(release_services.start(pack, request.user, **form.cleaned_data))
        except release_services.CannotReleaseError as error:
            for reason in error.reasons:
                form.add_error(None, reason)
    context = {"pack": pack, "seen": seen, "proposal": seen.proposal, "form": form}
    context["refusal"] = approving.refusal(pack.team, request.user, seen.unapproved)
    return render(request, "packs/release_start.html", context, status=422 if form.is_bound else 200)


def _form(request: TeamRequest, pack: Pack, seen: previewing.Look) -> ReleaseForm:
    """What was sent; else what is proposed."""
    unapproved = bool(seen.unapproved)
    if request.method == "POST":
        return ReleaseForm(request.POST, unapproved=unapproved)
    first: dict[str, object] = {"seen": pack.version}
    if proposal := seen.proposal:
        same = proposal.previous is not None and proposal.version == proposal.previous.version
        first |= {"version": "" if same else proposal.version, "changelog": proposal.changelog}
    return ReleaseForm(initial=first, unapproved=unapproved)


@team_required("viewer")
@require_GET
def release(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """One release: its progress, its files, why this version."""
    found = _release(request, name, pk)
    part = request.htmx and not request.htmx.boosted
    context: dict[str, Any] = {
        "release": found,
        "files": files(found),
        "rollback": rollback.plan(found) if found.state == Release.State.DONE else None,
        "superseded_by": _instead(found) if found.is_over else None,
        **told(request, found),
    }
    return render(request, "packs/_release.html" if part else "packs/release.html", context)


@team_required("viewer")
@require_POST
def download(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """One file. A POST, because taking it is written in the journal."""
    found = _release(request, name, pk)
    path = request.POST.get("file", "")
    if found.state != Release.State.DONE or path not in found.files:
        raise Http404("The release has no such file.")
    try:
        data = release_services.handed_over(found, path, request.user)
    except FileGoneError as error:
        return gone(request, error)
    response = HttpResponse(data, "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, path.rpartition("/")[2]) or "attachment"
    response["ETag"] = f'"{found.files[path]["sha256"]}"'
    return response


@team_required("maintainer")
@require_POST
def again(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """Try a failed release once more."""
    found = _release(request, name, pk)
    try:
        release_services.again(found, request.user)
    except release_services.CannotReleaseError as error:
        messages.error(request, str(error))
    return redirect(found)


@team_required("viewer")
@require_GET
def compare(request: TeamRequest, name: str) -> HttpResponse:
    """What changed in meaning between two releases: ?from=1.0.0&to=1.1.0, the two newest without them."""
    pack = _pack(request, name)
    ready = sorted(pack.releases.light().filter(state=Release.State.DONE), key=lambda one: one.sort_key)
    by_version = {one.version: one for one in ready}
    new = by_version.get(request.GET.get("to", "")) or (ready[-1] if ready else None)
    old = by_version.get(request.GET.get("from", "")) or (ready[-2] if len(ready) > 1 else None)
    found = reasons(_content(old), _content(new)) if old and new else ()
    rows = [(LEVELS[one.level], one) for one in found[:MOST_CHANGES]]
    groups, gone_words = _differing(old, new) if old and new else ([], "")
    context = {"pack": pack, "ready": ready, "old": old, "new": new, "rows": rows, "more": len(found) - len(rows)}
    context |= {"groups": groups, "too_long": groups is None, "gone": gone_words}
    return render(request, "packs/compare.html", context)


def _differing(old: Release, new: Release) -> tuple[list[list[Line]] | None, str]:
    """The groups of lines that differ, or the sentence why there are none to compare."""
    try:
        return differing(old, new), ""
    except FileGoneError as error:
        return [], str(error)


@team_required("viewer")
@require_GET
def keys(request: TeamRequest) -> HttpResponse:
    """The public keys that releases are and were signed with."""
    return render(request, "packs/keys.html", {"keys": signing.public_keys()})


@team_required("viewer")
@require_GET
def key(request: TeamRequest, name: str) -> HttpResponse:
    """One public key as a file."""
    found = next((one for one in signing.public_keys() if one.name == name), None)
    if found is None:
        raise Http404("There is no such key.")
    response = HttpResponse(found.pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="mews-{found.name}.pub"'
    return response


def _instead(release: Release) -> Release | None:
    """The release to install in place of this one: a newer one; of a yanked one, else the newest that is there."""
    channel = ChannelLink.Channel.CANDIDATE if release.is_candidate else ChannelLink.Channel.STABLE
    return release.superseded_by or (latest(release.pack, channel) if release.is_withdrawn else None)


def files(release: Release) -> list[dict[str, Any]]:
    """The files in the order of KINDS, each with its words."""
    told = []
    for path, about in release.files.items():
        rank, words = next(
            ((rank, words) for rank, (part, words) in enumerate(KINDS) if path.startswith(part) or path.endswith(part)),
            (len(KINDS), ""),
        )
        told.append({"path": path, "words": words, "rank": rank, "main": rank < 3, **about})
    return sorted(told, key=lambda one: one["rank"])


def _content(release: Release) -> Any:
    return content_of(release.members, release.summary)


def _pack(request: TeamRequest, name: str) -> Pack:
    return get_object_or_404(Pack.objects.select_related("owner", "team"), team=request.team, name=name)


def _release(request: TeamRequest, name: str, pk: int) -> Release:
    found = Release.objects.defer("members", "earlier").annotate(rule_count=ArrayLength("members"))
    found = found.select_related(
        "pack__team", "made_by", "yanked_by", "rolled_back_by", "rolled_back_to__pack", "falco_check"
    )
    return get_object_or_404(found, pk=pk, pack__team=request.team, pack__name=name)
