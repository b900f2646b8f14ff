"""Settings pages of webhooks: for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.limits import limited
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.notices import webhooks
from studio.notices.forms import WebhookForm
from studio.notices.models import Event, Webhook, WebhookDelivery

PER_PAGE = 25
SECRET = "new_webhook_secret"  # noqa: S105 - the name of a place in the session
LATEST = WebhookDelivery.objects.order_by("-id")


@team_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: TeamRequest) -> HttpResponse:
    """The team's webhooks, and the form for another."""
    form = WebhookForm(request.POST or None)
    del form.fields["is_active"]
    if form.is_valid():
        try:
            hook, secret = webhooks.create(request.user, request.team, **form.cleaned_data)
        except webhooks.CannotKeep as refused:
            form.add_error(None, str(refused))
        else:
            _show_once(request, hook, secret)
            messages.success(request, "The webhook is kept. Send a trial to see that it arrives.")
            return redirect(hook)
    hooks = Webhook.objects.filter(team=request.team).prefetch_related(
        Prefetch("deliveries", LATEST.only("webhook", "state", "tries", "created_at", "event")[:1], to_attr="newest")
    )
    context = {"form": form, "hooks": hooks, "labels": dict(Event.choices), "most": webhooks.MOST}
    return render(request, "notices/webhooks.html", context, status=422 if form.errors else 200)


@team_required(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: TeamRequest, pk: int) -> HttpResponse:
    """One webhook: what it is told, where, and the log of what was delivered."""
    hook = _hook(request, pk)
    form = WebhookForm.of(hook, request.POST or None)
    if form.is_valid():
        try:
            webhooks.change(request.user, hook, **form.cleaned_data)
        except webhooks.CannotKeep as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Saved.")
            return redirect(hook)
    shown = request.session.get(SECRET, {})
    secret = request.session.pop(SECRET)["secret"] if shown.get("webhook") == hook.pk else ""
    context = {
        "hook": hook,
        "form": form,
        "secret": secret,
        "page": Paginator(LATEST.filter(webhook=hook), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "notices/webhook.html", context, status=422 if form.errors else 200)


@team_required(Role.ADMINISTRATOR)
@require_safe
def delivery(request: TeamRequest, pk: int) -> HttpResponse:
    """One delivery: what was sent, and what each try brought."""
    return render(request, "notices/delivery.html", {"delivery": _delivery(request, pk)})


@team_required(Role.ADMINISTRATOR)
@require_POST
@limited("costly")
def trial(request: TeamRequest, pk: int) -> HttpResponse:
    """Send an event that means nothing."""
    hook = _hook(request, pk)
    sent = webhooks.send_trial(request.user, hook)
    messages.info(request, "A trial is on its way. Reload the page to see what came of it.")
    return redirect("notices:delivery", pk=sent.pk)


@team_required(Role.ADMINISTRATOR)
@require_POST
@limited("costly")
def again(request: TeamRequest, pk: int) -> HttpResponse:
    """Send a delivery that is over once more."""
    found = _delivery(request, pk)
    webhooks.send_again(request.user, found)
    return redirect("notices:delivery", pk=found.pk)


@team_required(Role.ADMINISTRATOR)
@require_POST
def renew_secret(request: TeamRequest, pk: int) -> HttpResponse:
    """Make a new secret; it is shown once, on the next page."""
    hook = _hook(request, pk)
    _show_once(request, hook, webhooks.renew_secret(request.user, hook))
    return redirect(hook)


@team_required(Role.ADMINISTRATOR)
@require_POST
def delete(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a webhook away with its log."""
    hook = _hook(request, pk)
    webhooks.delete(request.user, hook)
    messages.success(request, f"{hook.name} is told nothing any more.")
    return redirect("notices:webhooks")


def _show_once(request: HttpRequest, hook: Webhook, secret: str) -> None:
    if hook.shape == Webhook.Shape.GENERIC:
        request.session[SECRET] = {"webhook": hook.pk, "secret": secret}


def _hook(request: TeamRequest, pk: int) -> Webhook:
    found: Webhook = get_object_or_404(Webhook, team=request.team, pk=pk)
    return found


def _delivery(request: TeamRequest, pk: int) -> Any:
    return get_object_or_404(WebhookDelivery.objects.select_related("webhook"), webhook__team=request.team, pk=pk)
