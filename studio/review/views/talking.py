"""Comments: begin a thread, reply, resolve, apply a suggestion. Each answers with the page, at the thread."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.review import talk
from studio.review.forms import ApplyForm, ReplyForm, ThreadForm
from studio.review.models import Comment, Thread
from studio.review.permissions import NEEDS
from studio.review.talk import Place
from studio.review.views.guards import complain, revision_or_404, told
from studio.ui.answers import sent_to


@team_required(NEEDS["comment"])
@require_POST
def begin(request: TeamRequest, pk: int) -> HttpResponse:
    """A new thread on the whole, on a part or on a line of the YAML."""
    found = revision_or_404(request, pk)
    form = ThreadForm(request.POST)
    if not form.is_valid():
        complain(request, form)
        return sent_to(request, found)
    data = form.cleaned_data
    place = Place(data["place"], data["line"], data["spot"])
    with told(request):
        comment = talk.begin(found.pk, request.team, request.user, place, data["text"], form.suggested())
        return sent_to(request, comment.thread)
    return sent_to(request, found)


@team_required(NEEDS["comment"])
@require_POST
def reply(request: TeamRequest, pk: int) -> HttpResponse:
    """One more comment."""
    thread = _thread_or_404(request, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        with told(request):
            talk.reply(thread.pk, request.team, request.user, form.cleaned_data["text"])
    else:
        complain(request, form)
    return sent_to(request, thread)


@team_required(NEEDS["resolve"])
@require_POST
def resolve(request: TeamRequest, pk: int) -> HttpResponse:
    """Close a thread; `reopen` opens it again."""
    thread = _thread_or_404(request, pk)
    talk.resolve(thread.pk, request.team, request.user, resolved="reopen" not in request.POST)
    return sent_to(request, thread)


@team_required(NEEDS["apply"])
@require_POST
def apply(request: TeamRequest, pk: int) -> HttpResponse:
    """Put a suggested text into the draft."""
    try:
        comment = Comment.objects.select_related("thread__revision").get(pk=pk, thread__revision__team=request.team)
    except (Comment.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such comment in this team.") from error
    form = ApplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The page was out of date. Look again, then apply.")
        return sent_to(request, comment.thread)
    with told(request):
        draft = talk.apply(comment.pk, request.team, request.user, form.cleaned_data["version"])
        messages.success(
            request, f"The suggestion is in the draft “{draft.display_title}”. Hand it in when it is ready."
        )
    return sent_to(request, comment.thread)


def _thread_or_404(request: TeamRequest, pk: int) -> Thread:
    try:
        return Thread.objects.select_related("revision").get(pk=pk, revision__team=request.team)
    except (Thread.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such comment in this team.") from error
