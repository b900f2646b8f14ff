"""A release's members as they are kept: JSON that holds all that the files are written from, and back to values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from rules_export.emit.pack import Example, Member, Pack
from rules_export.emit.semver import Content
from rules_export.ruleset.model import List, Macro, PluginVersion, Rule
from studio.authoring import samples
from studio.authoring.content import from_json, to_rule
from studio.authoring.facts import chosen_behaviours
from studio.lab.models import SampleEvent
from studio.packs.making import MADE_BY
from studio.packs.materials import Material
from studio.review.models import Decision, Verdict

#: Sample events that travel with one rule: those that people kept first.
MOST_EXAMPLES = 24


def snapshot(materials: Sequence[Material], off: Collection[str] = ()) -> list[dict[str, Any]]:
    """The members as JSON. `off`: the lints that the team does without."""
    approvers, kept = _approvers(materials), _with_samples(materials)
    return [
        {
            **({"off": sorted(off)} if off else {}),
            "draft": one.listed.draft,
            "revision": one.listed.revision,
            "revision_id": one.listed.revision_id,
            "standing": one.listed.standing,
            "name": one.rule.name,
            "content": one.content,
            "enabled": one.rule.enabled,
            "priority": one.rule.priority,
            "approvers": approvers.get(one.listed.revision_id, []),
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
    return Member(rule_of(member), member["revision"], tuple(member["approvers"]), examples, emulation)


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
    wanted = [one.samples for one in materials]
    return frozenset(SampleEvent.objects.filter(set__in=wanted).values_list("set_id", flat=True).distinct())


def _examples(one: Material, kept: Collection[int]) -> Iterable[dict[str, Any]]:
    own = samples.kept(one.samples) if one.samples in kept else ()
    for each in (*own, *samples.of_behaviours(one.value)):
        if not each.trouble and not each.origin.startswith("Look-alike"):
            fields = {name: list(value) if isinstance(value, tuple) else value for name, value in each.fields.items()}
            yield {"name": each.name, "fields": fields, "fires": each.is_attack}


def _approvers(materials: Sequence[Material]) -> dict[int, list[str]]:
    wanted = [one.listed.revision_id for one in materials if one.listed.standing == "approved"]
    rows = (
        Decision.objects.filter(revision__in=wanted, verdict=Verdict.APPROVE).select_related("by").order_by("at", "pk")
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(row.by.name)
    return found
