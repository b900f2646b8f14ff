"""Channel links: made and revoked by maintainers, polled by hosts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.packs import channels
from studio.packs.models import ChannelLink, IndexLink, Pack
from studio.stored import FileGoneError
from studio.ui.errors import gone

#: Files that a page names as worth polling.
POLLED = ("falco_rules.local.yaml", "bundle.tar.gz", "bundle.zip", "image.tar", "SHA256SUMS", "SHA256SUMS.sig")

#: The answer to hosts and scripts that poll an address without a file: one line, whatever is wrong with it.
NOT_FOUND = (
    "404: no such channel link or file. Check that the link is not revoked, that the pack has a release on this "
    "channel, and that the file name is right.\n"
)
UNKEPT = {"Cache-Control": "no-store"}


class ChannelForm(forms.Form):
    """For whom a link is, and what it leads to."""

    label = forms.CharField(max_length=80, label="For whom", help_text="Such as web servers, or staging.")
    channel = forms.ChoiceField(choices=ChannelLink.Channel.choices, initial=ChannelLink.Channel.STABLE)


class IndexForm(forms.Form):
    """For whom a link to the index is."""

    label = forms.CharField(max_length=80, label="For whom", help_text="Such as all clusters, or the build hosts.")


@team_required("maintainer")
def links(request: TeamRequest, name: str) -> HttpResponse:
    """A pack's links; a POST makes one and shows its secret, this once."""
    pack = get_object_or_404(Pack.objects.select_related("team"), team=request.team, name=name)
    form = ChannelForm(request.POST if request.method == "POST" else None)
    made, addresses = None, []
    if form.is_valid():
        try:
            made, token = channels.make(pack, request.user, **form.cleaned_data)
            addresses = [request.build_absolute_uri(reverse("packs:poll", args=[token, file])) for file in POLLED]
            form = ChannelForm()
        except channels.TooManyLinksError as error:
            form.add_error(None, str(error))
    found = pack.links.filter(revoked_at=None).select_related("made_by")
    context = {"pack": pack, "form": form, "links": found, "made": made, "addresses": addresses}
    response = render(request, "packs/links.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "no-store"
    return response


@team_required("maintainer")
def index(request: TeamRequest) -> HttpResponse:
    """The team's index for falcoctl: its packs, its links; a POST makes a link and shows its secret, this once."""
    form = IndexForm(request.POST if request.method == "POST" else None)
    made, address = None, ""
    if form.is_valid():
        try:
            made, token = channels.make_index(request.team, request.user, **form.cleaned_data)
            address = request.build_absolute_uri(reverse("packs:poll", args=[token, channels.INDEX]))
            form = IndexForm()
        except channels.TooManyLinksError as error:
            form.add_error(None, str(error))
    found = request.team.index_links.filter(revoked_at=None).select_related("made_by")
    rows = channels.published(request.team)
    context = {"form": form, "links": found, "made": made, "address": address, "rows": rows, "team": request.team}
    response = render(request, "packs/index.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "no-store"
    return response


@team_required("maintainer")
@require_POST
def index_revoke(request: TeamRequest, pk: int) -> HttpResponse:
    """The link to the index leads nowhere from now on."""
    link = get_object_or_404(IndexLink.objects.select_related("team"), pk=pk, team=request.team)
    channels.revoke(link, request.user)
    messages.success(request, f"The link for {link.label} is revoked.")
    return redirect("packs:index")


@team_required("maintainer")
@require_POST
def revoke(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """The link leads nowhere from now on."""
    link = get_object_or_404(
        ChannelLink.objects.select_related("pack__team"), pk=pk, pack__team=request.team, pack__name=name
    )
    channels.revoke(link, request.user)
    messages.success(request, f"The link for {link.label} is revoked.")
    return redirect("packs:links", name)


@login_not_required
@require_safe
def poll(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """A file of the latest release. Hosts ask with If-None-Match, and get 304 while it is the one they have."""
    try:
        found = channels.find(token, file)
        if found is None:
            return HttpResponse(NOT_FOUND, status=404, content_type="text/plain; charset=utf-8", headers=UNKEPT)
        etag = f'"{found.digest}"'
        response = get_conditional_response(request, etag=etag) or HttpResponse(
            found.read(), content_type="application/octet-stream"
        )
    except FileGoneError as error:
        return gone(request, error)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if found.version:
        response["X-Mews-Version"] = found.version
    if response.status_code == 200:
        response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response
