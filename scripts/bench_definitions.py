"""What a team's own macros and lists cost: the check at a keystroke, the preview of a change, a list of 5,000 values.

    python scripts/bench_definitions.py

Works in a database of its own: a team with 300 macros, 151 lists and 1,000 drafts that use them. Times are server times
of whole requests by a signed-in person. Beside them the same request of a team that has none.
"""

from __future__ import annotations

import sys

from benching import Somebody, author, kept, studio, times

DRAFTS, MACROS, LISTS, ROUNDS = 1000, 300, 150, 60
KEYSTROKE, PREVIEW, PAGE, CHECK = 30.0, 4000.0, 400.0, 250.0
PLAIN = "spawned_process and proc.name in (tool1, tool2) and proc.pname in (shell_binaries) and proc.args contains "
OWN = "spawned_process and m1_macro and (m2_macro or m3_macro) and proc.pname in (l9_list) and proc.args contains "


def main() -> int:
    """Print a line for each promise; 1 when one is broken."""
    with studio():
        ada, sam = author("Bench"), author("Bare")
        draft, alone = _filled(ada), _first(sam)
        bare = _keystroke(sam, alone, PLAIN, "keystroke check, none of one's own")
        return int(
            not all([bare, _keystroke(ada, draft, OWN, "keystroke check, 451 of one's own, 4 used"), *_pages(ada)])
        )


def _keystroke(who: Somebody, draft: int, words: str, what: str) -> bool:
    address = f"/drafts/{draft}/condition/findings/"
    took = times(lambda n: who.post(address, {"condition": f"{words}x{n}"}), ROUNDS, warm=2)
    return kept(what, took, KEYSTROKE, slowest=True)


def _pages(ada: Somebody) -> list[bool]:
    """The pages of macros and lists, and what stands beside them while somebody types."""
    from studio.definitions.models import Definition

    keys = {one.name: one.pk for one in Definition.objects.filter(team=ada.team)}
    page = f"/definitions/{keys['l1_list']}/"
    term = {"kind": "list", "description": "", "condition": "", "version": 1}
    change = {**term, "name": "l1_list"}
    big = {**term, "name": "big_list", "definition": keys["big_list"]}
    values = "\n".join(f"value{number}" for number in range(4999))
    asked = {
        "the list of macros and lists": (lambda n: ada.get("/definitions/", {"q": f"{n % 10}"}), PAGE, 10),
        "a page with its uses": (lambda n: ada.get(page), PAGE, 10),
        f"preview of a change that {DRAFTS} drafts use": (
            lambda n: ada.post(f"{page}edit/", {**change, "items": f"other{n}"}), PREVIEW, 4,
        ),
        "live check of 5,000 values": (
            lambda n: ada.post("/definitions/check/", {**big, "items": f"{values}\nx{n}"}), CHECK, 10,
        ),
    }  # fmt: skip
    return [kept(what, times(ask, rounds, warm=2), limit, slowest=True) for what, (ask, limit, rounds) in asked.items()]


def _first(who: Somebody) -> int:
    """A draft; its key."""
    from studio.authoring import services
    from studio.authoring.edits import set_condition

    edit = set_condition("spawned_process and proc.name = tool1_1")
    return int(services.create(who.team, who.person, (), "Rule 0", [edit]).pk)


def _filled(who: Somebody) -> int:
    """Macros, lists and drafts; the key of the first draft."""
    from django.utils import timezone

    from studio.authoring.models import Draft
    from studio.definitions import services as definitions
    from studio.definitions.models import Definition
    from studio.definitions.values import LIST, Term
    from studio.lab.models import SampleSet

    first = Draft.objects.get(pk=_first(who))
    about = {"team": who.team, "updated": timezone.now()}
    written = {**about, "updated_by": who.person}
    rows = [Definition(kind="list", name=f"l{n}_list", items=[f"tool{n}_{k}" for k in range(20)], **written)
            for n in range(LISTS)]  # fmt: skip
    rows += [Definition(kind="macro", name=f"m{n}_macro", **written,
             condition=f"spawned_process and proc.name in (l{n % LISTS}_list) and proc.args contains x{n}")
             for n in range(MACROS)]  # fmt: skip
    Definition.objects.bulk_create(rows)
    definitions.create(who.team, who.person, Term(LIST, "big_list", items=tuple(f"value{n}" for n in range(5000))))
    sets = SampleSet.objects.bulk_create(SampleSet(team=who.team) for _ in range(DRAFTS - 1))
    content = {**first.content, "condition": "m1_macro and user.name != root"}
    Draft.objects.bulk_create(
        Draft(samples=one, title=f"Rule {n}", content={**content, "name": f"Rule {n}"}, author=who.person, **about)
        for n, one in enumerate(sets, 1)
    )
    return int(first.pk)


if __name__ == "__main__":
    sys.exit(main())
