"""What a release of a pack would be now: its rules, what stands in the way, the version and the words for it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from rules_export.catalog.versions import numbers, release
from rules_export.compare.semver import Content, Level, Reason, order, parsed, proposed, reasons
from rules_export.errors import EmitError
from rules_export.falco_checks.requirements import lowest
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import Bundle, bundle
from studio.packs.conflicts import Conflict, conflicts
from studio.packs.making import MADE_BY
from studio.packs.materials import Listed, whole
from studio.packs.models import Pack, Release
from studio.packs.newest import highest_version
from studio.packs.snapshot import content_of
from studio.packs.targets import checked

#: Characters of a proposed changelog: those of a release may be somewhat longer.
MOST_WORDS = 15_000
#: Hears how far the work is: percent, and what is done now.
Tell = Callable[[int, str], object]
LEVELS = {Level.MAJOR: "major", Level.MINOR: "minor", Level.PATCH: "patch", Level.NONE: "none"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The release that could be made. previous: the last one, if any. unapproved: members that nobody approved."""

    members: tuple[Listed, ...]
    conflicts: tuple[Conflict, ...]
    previous: Release | None
    reasons: tuple[Reason, ...]
    version: str
    changelog: str
    needs: str = ""
    because: tuple[str, ...] = ()

    @property
    def unapproved(self) -> tuple[Listed, ...]:
        """Members that nobody approved."""
        return tuple(one for one in self.members if one.standing != "approved")

    @property
    def blockers(self) -> tuple[Conflict, ...]:
        """Conflicts with which nothing is released."""
        return tuple(one for one in self.conflicts if one.severity == "error")

    @property
    def warnings(self) -> tuple[Conflict, ...]:
        """Conflicts that are worth a word."""
        return tuple(one for one in self.conflicts if one.severity != "error")

    @property
    def level(self) -> str:
        """The highest level in words; empty for a first release."""
        if self.previous is None:
            return ""
        return LEVELS[max((one.level for one in self.reasons), default=Level.NONE)]

    @property
    def grouped(self) -> list[tuple[str, list[Reason]]]:
        """The reasons by level, the highest first."""
        groups: dict[str, list[Reason]] = defaultdict(list)
        for one in self.reasons:
            groups[LEVELS[one.level]].append(one)
        return list(groups.items())


def last_release(pack: Pack) -> Release | None:
    """The newest version that was made and neither yanked nor rolled back."""
    made = Release.objects.light().out().filter(pack=pack).select_related("pack")
    return max(made, key=lambda one: one.sort_key, default=None)


def worked_out(
    pack: Pack, found: tuple[Listed, ...], previous: Release | None, tell: Tell = lambda percent, stage: None
) -> Proposal:
    """Work it all out; `tell` hears how far it is."""
    tell(5, "Reading the rules")
    rules = [one.rule for one in whole(pack.team, found)]
    tell(20, "Looking for conflicts")
    told = list(conflicts(rules))
    tell(40, "Loading the rules as Falco would")
    made = _bundled(pack, rules, told)
    why: tuple[Reason, ...] = ()
    if previous and made:
        tell(70, f"Comparing with {previous.version}")
        new = content_of([], summary_of(made))
        before = content_of(previous.members, previous.summary)
        why = reasons(before, Content(tuple(rules), new.macros, new.lists, new.engine, new.plugins))
    version = next_version(pack, previous, why)
    because = tuple(dict.fromkeys(one.reason for one in made.reasons)) if made else ()
    needs = lowest(made.reasons).falco if made else ""
    return Proposal(found, tuple(told), previous, why, version, changelog(why, found, previous), needs, because)


def next_version(pack: Pack, previous: Release | None, why: Sequence[Reason]) -> str:
    """The version that the changes ask for, above every version that the pack ever had; that of the previous release
    where nothing changed."""
    version = proposed(previous.version if previous else "", why)
    highest = highest_version(pack)
    if not highest or (previous and version == previous.version) or order(version) > highest.sort_key:
        return version
    above = proposed(highest.version, why)
    return above if above != highest.version else proposed(highest.version, [Reason(Level.MINOR, "", "")])


def is_below(version: str, proposal: str) -> bool:
    """Whether the version is below the proposed one; a candidate of the proposed one is not. Raises EmitError."""
    return parsed(version)[:3] < parsed(proposal)[:3]


def changelog(why: Sequence[Reason], found: Sequence[Listed], previous: Release | None) -> str:
    """Markdown: a line for each change, the weightier first; for a first release a line for each rule. Of very many
    changes the last are counted."""
    if previous is None:
        lines = [f"- New rule: {one.name}." for one in found]
    else:
        lines = [f"- {one.item}: {one.says}" if one.item else f"- {one.says}" for one in why]
    ends = list(accumulate(len(line) + 1 for line in lines))
    shown = bisect_right(ends, MOST_WORDS)
    return "\n".join([*lines[:shown], *([f"- And {len(lines) - shown:,} more."] if shown < len(lines) else [])])


def summary_of(made: Bundle) -> dict[str, Any]:
    """What a bundle defines and needs, as JSON."""
    return {
        "required_engine_version": made.required_engine_version,
        "required_plugin_versions": [
            {"name": one.name, "version": one.version} for one in made.required_plugin_versions
        ],
        "macros": [asdict(one) for one in made.macros],
        "lists": [{"name": one.name, "items": list(one.items)} for one in made.lists],
        "assumed": list(made.assumed),
        "reasons": list(dict.fromkeys(one.reason for one in made.reasons)),
        "falco": lowest(made.reasons).falco,
    }


def _bundled(pack: Pack, rules: Sequence[Rule], told: list[Conflict]) -> Bundle | None:
    """The bundle, or None with the reasons added to `told`."""
    if not rules or any(one.severity == "error" for one in told):
        return None
    places = {rule.name: place for place, rule in enumerate(rules)}
    try:
        made = bundle(rules, "standalone" if pack.mode == Pack.Mode.STANDALONE else "overlay", MADE_BY)
    except EmitError as error:
        told += [
            Conflict(one.code, "error", one.item, one.message or one.code, places.get(one.item, -1))
            for one in error.findings
        ] or [Conflict("MEWS_REFUSED", "error", "", error.message)]
        return None
    told += [Conflict(one.code, "warning", one.item, one.message, places.get(one.item, -1)) for one in made.warnings]
    told += _targets(pack, made)
    return made


def _targets(pack: Pack, made: Bundle) -> list[Conflict]:
    """What stands against the releases of Falco that the pack is for: the oldest, and every newer one."""
    needs = lowest(made.reasons)
    if numbers(needs.falco) > numbers(release(pack.target).falco):
        because = next((one.reason for one in made.reasons if one.falco == needs.falco), "")
        says = f"The pack is for Falco {pack.target}, and its rules need {needs.falco}: {because}."
        return [Conflict("MEWS_TARGET", "error", "", says)]
    gone = [one for one in checked(made.reasons, pack.target) if not one.fits]
    says = "The pack is for Falco {} or newer, and Falco {} has something no more: {}."
    return [Conflict("MEWS_TARGET", "error", "", says.format(pack.target, one.falco, one.lacks[0])) for one in gone]
