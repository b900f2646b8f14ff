"""Tags: order, spelling, and whether ATT&CK's techniques and tactics go together."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.catalog import tags
from rules_export.catalog.tags import TagKind
from rules_export.findings import Severity
from rules_export.lints.context import Subject
from rules_export.lints.registry import Remark, lint

_BASE = ("host", "container", "process")


@lint(
    "MEWS_TAG_DUPLICATE",
    Severity.ADVICE,
    "A tag stands there twice",
    hint="Leave one of them out.",
    place="tags",
    bad={"tags": (*_BASE, "mitre_impact", "T1490", "T1490")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
    safe=True,
)
def tag_duplicate(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    twice = [tag for tag in dict.fromkeys(given) if given.count(tag) > 1]
    if twice:
        once = ", ".join(dict.fromkeys(given))
        yield Remark(f"{', '.join(twice)} stands there more than once.", None, once, "Leave the repetition out")


@lint(
    "MEWS_TAGS_ORDER",
    Severity.ADVICE,
    "The tags are not in the usual order",
    hint="Maturity, host and container, kind of activity, tactic, technique, compliance.",
    place="tags",
    bad={"tags": ("T1490", "mitre_impact", *_BASE)},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
    safe=True,
)
def tags_order(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    if not tags.in_order(given):
        ordered = ", ".join(tags.order(given))
        yield Remark(f"The usual order is {ordered}.", None, ordered, "Put them in order")


@lint(
    "MEWS_TAG_CASE",
    Severity.ADVICE,
    "A tag in upper case, or with blanks",
    hint="Tags are lower_case_with_underscores; techniques (T1490) and compliance tags keep their capitals.",
    place="tags",
    bad={"tags": (*_BASE, "Mitre Impact", "t1490")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tag_case(subject: Subject) -> Iterator[Remark]:
    right = tuple(_spelled(tag) for tag in subject.rule.tags)
    wrong = [tag for tag, better in zip(subject.rule.tags, right, strict=True) if tag != better]
    if wrong:
        told = ", ".join(f"{tag} is written {_spelled(tag)}" for tag in wrong)
        yield Remark(f"{told}.", None, ", ".join(right), "Spell them as usual")


def _spelled(tag: str) -> str:
    if tags.is_technique(tag.upper()) or tags.kind(tag.upper()) is TagKind.TECHNIQUE:
        return tag.upper()
    if tags.kind(tag) is TagKind.COMPLIANCE:
        return tag
    return "_".join(tag.lower().split())


@lint(
    "MEWS_TAG_TACTIC_MISSING",
    Severity.ADVICE,
    "A technique without its tactic",
    hint="Add the tag of a tactic that the technique serves: mitre_ and the tactic's name.",
    place="tags",
    bad={"tags": (*_BASE, "T1490")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tag_tactic_missing(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    known = subject.context.technique_tactics
    techniques = [tag for tag in given if tags.is_technique(tag) and (tag in known or not known)]
    if techniques and not any(tags.kind(tag) is TagKind.TACTIC for tag in given):
        wanted = [tag for tag in tags.attack_tags(techniques, known) if tags.kind(tag) is TagKind.TACTIC]
        fixed = ", ".join(tags.order([*given, *wanted])) if wanted else None
        yield Remark(f"{', '.join(techniques)} stands there without a tactic.", None, fixed, f"Add {', '.join(wanted)}")


@lint(
    "MEWS_TAG_TECHNIQUE_MISSING",
    Severity.ADVICE,
    "A tactic without a technique",
    hint="Add the technique (T1490) or, where none fits, the tactic's own id (TA0040).",
    place="tags",
    bad={"tags": (*_BASE, "mitre_impact")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tag_technique_missing(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    tactics = [tag for tag in given if tags.kind(tag) is TagKind.TACTIC]
    if tactics and not any(tags.kind(tag) is TagKind.TECHNIQUE for tag in given):
        yield Remark(f"{', '.join(tactics)} stands there without a technique.")


@lint(
    "MEWS_TAG_MISMATCH",
    Severity.WARNING,
    "A technique and tactics that do not go together",
    hint="Take a tactic that ATT&CK lists for the technique. Coverage is counted by these tags.",
    place="tags",
    bad={"tags": (*_BASE, "mitre_execution", "T1490")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tag_mismatch(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    named = [tactic for tag in given if (tactic := tags.tactic_of(tag)) is not None]
    for technique in [tag for tag in given if tags.is_technique(tag)]:
        serves = tags.tactics_of(technique, subject.context.technique_tactics)
        if serves and named and not any(tags.same_tactic(one, other) for one in serves for other in named):
            kept = [tag for tag in given if tags.kind(tag) is not TagKind.TACTIC]
            techniques = [tag for tag in given if tags.is_technique(tag)]
            wanted = tags.attack_tags(techniques, subject.context.technique_tactics)
            fixed = ", ".join(tags.order([*kept, *wanted]))
            told = ", ".join(map(tags.tactic_tag, serves))
            yield Remark(f"{technique} belongs to {told}.", None, fixed, "Take ATT&CK's tactics")


@lint(
    "MEWS_TAG_TECHNIQUE_UNKNOWN",
    Severity.WARNING,
    "A technique that ATT&CK does not have",
    hint="Check the number on the pages of ATT&CK.",
    place="tags",
    bad={"tags": (*_BASE, "mitre_impact", "T9490")},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tag_technique_unknown(subject: Subject) -> Iterator[Remark]:
    known = subject.context.technique_tactics
    for tag in subject.rule.tags:
        if known and tags.is_technique(tag) and tag not in known and tag not in subject.context.retired:
            yield Remark(f"ATT&CK has no technique {tag}.")


@lint(
    "MEWS_TAG_TACTIC_UNKNOWN",
    Severity.WARNING,
    "A tactic that ATT&CK does not have",
    hint="Check the spelling. Since ATT&CK 19 Defense Evasion is split into Stealth and Defense Impairment.",
    place="tags",
    bad={"tags": (*_BASE, "mitre_impacts", "TA0040")},
    good={"tags": (*_BASE, "mitre_impact", "TA0040")},
)
def tag_tactic_unknown(subject: Subject) -> Iterator[Remark]:
    known = subject.context.tactics
    for tag in subject.rule.tags:
        tactic = tags.tactic_of(tag)
        if known and tactic is not None and tactic not in known:
            became = [tags.tactic_tag(one) for one in tags.SPLIT_TACTICS.get(tactic, ()) if one in known]
            more = f" It became {' and '.join(became)}." if became else ""
            fixed = _instead(subject, tag, became)
            yield Remark(f"ATT&CK has no tactic {tactic}.{more}", None, fixed, "Take the new tactic")


def _instead(subject: Subject, tag: str, became: list[str]) -> str | None:
    """The tags with those of the new tactics that the rule's techniques serve."""
    given = subject.rule.tags
    techniques = [one for one in given if tags.is_technique(one)]
    fitting = [one for one in tags.attack_tags(techniques, subject.context.technique_tactics) if one in became]
    return ", ".join(tags.order([*(one for one in given if one != tag), *fitting])) if fitting else None


@lint(
    "MEWS_TAG_TECHNIQUE_REVOKED",
    Severity.WARNING,
    "A technique that ATT&CK has retired",
    hint="Take the technique that took its place: coverage is counted by the techniques in force.",
    place="tags",
    bad={"tags": (*_BASE, "mitre_execution", "T1064")},
    good={"tags": (*_BASE, "mitre_execution", "T1059")},
)
def tag_technique_revoked(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    for tag in given:
        if tag in subject.context.retired:
            successor = subject.context.retired[tag]
            told = f"{successor} took its place" if successor else "ATT&CK names no successor"
            fixed = ", ".join(dict.fromkeys(successor if one == tag else one for one in given)) if successor else None
            yield Remark(f"{tag} is retired: {told}.", None, fixed, f"Take {successor}")


@lint(
    "MEWS_TAGS_NONE",
    Severity.ADVICE,
    "A rule without tags",
    hint="Add where the rule applies, what it watches and which technique it covers; falco.yaml selects rules by tags.",
    place="tags",
    bad={"tags": ()},
    good={"tags": (*_BASE, "mitre_impact", "T1490")},
)
def tags_none(subject: Subject) -> Iterator[Remark]:
    if not subject.rule.tags:
        yield Remark("The rule has no tags.")


@lint(
    "MEWS_TAG_MATURITY_TWICE",
    Severity.ADVICE,
    "More than one maturity",
    hint="A rule is stable, incubating, sandbox or deprecated; keep one.",
    place="tags",
    bad={"tags": ("maturity_stable", "maturity_sandbox", *_BASE, "mitre_impact", "T1490")},
    good={"tags": ("maturity_sandbox", *_BASE, "mitre_impact", "T1490")},
)
def tag_maturity_twice(subject: Subject) -> Iterator[Remark]:
    found = list(dict.fromkeys(tag for tag in subject.rule.tags if tags.kind(tag) is TagKind.MATURITY))
    if len(found) > 1:
        ripe = [one for one in tags.MATURITIES if one in found]
        kept = ripe[-1] if ripe else found[-1]
        fixed = ", ".join(tag for tag in subject.rule.tags if tag not in found or tag == kept)
        yield Remark(f"{' and '.join(found)} exclude each other.", None, fixed, f"Keep {kept}")
