"""A release's members as they are kept: JSON that holds all that the files are written from, and back to values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings

from rules_export.artifacts.pack import Approval, Example, Member, Pack
from rules_export.compare.semver import Content
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule
from studio.accounts.models import User
from studio.authoring import frozen_parts, samples
from studio.authoring.content import from_json, to_rule
from studio.authoring.facts import chosen_behaviours
from studio.lab.models import SampleEvent
from studio.packs.making import MADE_BY
from studio.packs.materials import Material
from studio.packs.models import Pack as PackRow
from studio.packs.models import Release
from studio.review.models import Decision, Revision, Verdict

#: Keys of a revision's content that a release keeps as examples and emulation instead.
FROZEN_KEYS = (frozen_parts.BEHAVIOURS, frozen_parts.SAMPLES)
#: Sample events that travel with one rule: those that people kept first.
MOST_EXAMPLES = 24


def snapshot(materials: Sequence[Material], off: Collection[str] = (), exception: str = "") -> list[dict[str, Any]]:
    """The members as JSON. `off`: the lints that the team does without. exception: why unapproved rules are released.

    Nothing else is read when the files are written, so what is edited later reaches no release.
    """
    approvals, hashes, kept = _approvals(materials), _hashes(materials), _with_samples(materials)
    return [
        {
            **({"off": sorted(off)} if off else {}),
            **({"content_hash": hashes[one.listed.revision_id]} if one.listed.revision_id else {}),
            **({"exception": exception} if exception and one.listed.standing != "approved" else {}),
            "draft": one.listed.draft,
            "revision": one.listed.revision,
            "revision_id": one.listed.revision_id,
            "standing": one.listed.standing,
            "name": one.rule.name,
            "content": {key: value for key, value in one.content.items() if key not in FROZEN_KEYS},
            "enabled": one.rule.enabled,
            "priority": one.rule.priority,
            "approvers": [each.by.name for each in approvals.get(one.listed.revision_id, ())],
            "approvals": [
                {"account": each.by_id, "at": in_utc(each.at)} for each in approvals.get(one.listed.revision_id, ())
            ],
            "examples": list(islice(_examples(one, kept), MOST_EXAMPLES)),
            "emulation": [each.emulation for each in chosen_behaviours(one.value) if each.emulation],
        }
        for one in materials
    ]


def rule_of(member: Mapping[str, Any]) -> Rule:
    """The rule as the release carries it."""
    rule = to_rule(from_json(member["content"]))
    return replace(rule, enabled=bool(member["enabled"]), priority=str(member["priority"]))


def member_of(member: Mapping[str, Any]) -> Member:
    """A member as the engine takes it."""
    examples = tuple(Example(one["name"], one["fields"], one["fires"]) for one in member["examples"])
    emulation = tuple(dict.fromkeys(member["emulation"]))
    approvals = tuple(Approval(one["account"], one["at"]) for one in member.get("approvals", ()))
    return Member(
        rule_of(member),
        member["revision"],
        tuple(member["approvers"]),
        examples,
        emulation,
        member.get("content_hash", ""),
        approvals,
        member.get("exception", ""),
    )


def pack_of(
    name: str,
    title: str,
    version: str,
    description: str,
    members: Iterable[Mapping[str, Any]],
    changelog: str,
    attack: str,
    published_at: str = "",
    made_by: str = MADE_BY,
) -> Pack:
    """The whole release as the engine takes it. published_at: where its image is pushed, as ghcr.io/acme/harbour."""
    found = tuple(member_of(one) for one in members)
    registry, _, repository = published_at.partition("/")
    return Pack(
        name,
        title,
        version,
        found,
        description,
        changelog,
        made_by,
        registry,
        repository,
        attack or "18",
    )


def origin_of(pack: PackRow, by: User) -> dict[str, str]:
    """Who releases the pack, from which Mews, and what it says of license and addresses; empty values are left out."""
    home = settings.PUBLIC_URL if settings.HAS_PUBLIC_URL else ""
    found = {
        "vendor": pack.team.name,
        "authors": by.name,
        "home": home,
        "page": f"{home}{pack.get_absolute_url()}" if home else "",
        "license": pack.license,
        "documentation": pack.documentation,
        "source": pack.source,
    }
    return {name: value for name, value in found.items() if value}


def with_origin(pack: Pack, release: Release) -> Pack:
    """The pack with what the release keeps of its origin, and its time."""
    return replace(pack, **release.origin, released_at=release.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def content_of(members: Iterable[Mapping[str, Any]], summary: Mapping[str, Any]) -> Content:
    """What a release that was made defines and needs."""
    return Content(
        tuple(rule_of(one) for one in members),
        tuple(Macro(one["name"], one["condition"]) for one in summary.get("macros", ())),
        tuple(List(one["name"], tuple(one["items"])) for one in summary.get("lists", ())),
        str(summary.get("required_engine_version", "")),
        tuple(PluginVersion(one["name"], one["version"]) for one in summary.get("required_plugin_versions", ())),
    )


def _with_samples(materials: Sequence[Material]) -> frozenset[int]:
    """Which sets of samples hold any. One query, so that thousands of rules do not ask one by one."""
    wanted = [one.samples for one in materials if not one.listed.revision_id]
    return frozenset(SampleEvent.objects.filter(set__in=wanted).values_list("set_id", flat=True).distinct())


def _examples(one: Material, kept: Collection[int]) -> Iterable[dict[str, Any]]:
    own = samples.kept(one.value, one.samples) if one.listed.revision_id or one.samples in kept else ()
    for each in (*own, *samples.of_behaviours(one.value)):
        if not each.trouble and not each.origin.startswith("Look-alike"):
            fields = {name: list(value) if isinstance(value, tuple) else value for name, value in each.fields.items()}
            yield {"name": each.name, "fields": fields, "fires": each.is_attack}


def in_utc(moment: datetime) -> str:
    """The moment in UTC to the second, such as 2026-05-01T10:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _approvals(materials: Sequence[Material]) -> dict[int, list[Decision]]:
    """Approved revision → its approvals, the earliest first."""
    wanted = [one.listed.revision_id for one in materials if one.listed.standing == "approved"]
    rows = (
        Decision.objects.filter(revision__in=wanted, verdict=Verdict.APPROVE).select_related("by").order_by("at", "pk")
    )
    found: dict[int, list[Decision]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(row)
    return found


def _hashes(materials: Sequence[Material]) -> dict[int, str]:
    """Revision → the content hash that its reviewers saw."""
    wanted = [one.listed.revision_id for one in materials if one.listed.revision_id]
    return dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "content_hash"))
