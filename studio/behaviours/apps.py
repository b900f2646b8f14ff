"""The room's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest

from studio.attack.sections import Section
from studio.ui.nav import Hit, NavItem


class BehavioursConfig(AppConfig):
    """Behaviours: built-in knowledge, and what teams add to it."""

    name = "studio.behaviours"
    label = "behaviours"
    verbose_name = "Behaviours"
    nav = [NavItem("Behaviours", "behaviours:index", "spy", 60, key="b")]

    def technique_section(self, request: HttpRequest, attack_id: str) -> Section:
        """The behaviours of a technique for its page, the team's own first."""
        from studio.behaviours import export, queries
        from studio.behaviours.own import queries as own

        ours = own.for_techniques(getattr(request, "team", None), request.user, [attack_id])
        found = [*ours, *queries.for_techniques([attack_id])]
        reason = "" if found else export.unobservable().get(attack_id, "")
        context = {"behaviours": found, "reason": reason, "technique": attack_id}
        return Section("behaviours/_of_technique.html", context)

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """Behaviours for the search over everything."""
        from django.urls import reverse

        from studio.behaviours import queries  # the library is read on first use
        from studio.behaviours.own import queries as own

        words = text.casefold().split()
        usable = own.usable(getattr(request, "team", None), request.user)
        ours = [one for one in usable if words and not queries.missing(words, one)]
        return [
            Hit("Behaviour", found.title, found.kernel, reverse("behaviours:detail", args=[found.id]), "spy")
            for found in (*ours[:3], *queries.search(text)[:6])
        ]
