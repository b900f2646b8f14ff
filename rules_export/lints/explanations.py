"""What there is to say of a lint for a person: its examples as they would stand in a file, and what its fix does."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from rules_export.findings import Finding
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.lints.registry import EXAMPLE, EXAMPLE_CONTEXT, Example, Lint
from rules_export.lints.runner import studio_checks, text_of
from rules_export.ruleset.model import Rule, RuleException


@dataclass(frozen=True, slots=True)
class Explained:
    """bad and good: the examples. message: what it says of the bad one. fix: what its button says; after: the part of
    the rule that the fix changes, as it is then. Both are empty where it offers none."""

    lint: Lint
    bad: str
    good: str
    message: str
    fix: str = ""
    after: str = ""

    @property
    def fixes(self) -> str:
        """Whether it brings a fix: "safe", "yes" or "no"."""
        return ("safe" if self.lint.safe else "yes") if self.fix else "no"


_explained: dict[str, Explained] = {}


def explained(lint: Lint) -> Explained:
    """The lint with its examples, and with what it says and does about the bad one."""
    if lint.code not in _explained:
        _explained[lint.code] = _explain(lint)
    return _explained[lint.code]


def _explain(lint: Lint) -> Explained:
    rule = replace(EXAMPLE, **lint.bad)  # type: ignore[arg-type]
    found = [one for one in studio_checks(rule, EXAMPLE_CONTEXT) if one.code == lint.code]
    best = next((one for one in found if one.fix is not None), found[0])
    bad, good = example(lint.bad), example(lint.good)
    if best.fix is None:
        return Explained(lint, bad, good, best.message)
    after = "\n".join(_lines(lint.place, _value(lint.place, repaired(rule, best))))
    return Explained(lint, bad, good, best.message, best.fix.title, after)


def repaired(rule: Rule, finding: Finding) -> str:
    """The text of the part that the finding speaks of, with its fix carried out."""
    text = text_of(rule, finding.place)
    if finding.fix is None:
        return text
    data, span = to_bytes_text(text), finding.fix.span
    return from_bytes_text(data[: span.start.offset] + to_bytes_text(finding.fix.replacement) + data[span.end.offset :])


def example(changed: Example) -> str:
    """What an example changes, as it would stand in a rules file."""
    return "\n".join(
        line for field in fields(EXAMPLE) if field.name in changed for line in _lines(field.name, changed[field.name])
    )


def _value(place: str, text: str) -> object:
    return tuple(text.split(", ")) if place == "tags" else text


def _lines(key: str, value: object) -> list[str]:
    """A key of a rule with its value, shown for people rather than for parsers."""
    if key == "name":
        return [f"rule: {value}"]
    if key == "tags" and isinstance(value, tuple):
        return [f"tags: [{', '.join(value)}]"]
    if key == "exceptions" and isinstance(value, tuple):
        return ["exceptions:", *(f"  {line}" for one in value for line in _exception(one))]
    return [f"{key}: {str(value).replace(chr(10), chr(10) + '  ')}"]


def _exception(one: RuleException) -> list[str]:
    """An exception as a file holds it."""
    lines = [f"- name: {one.name}", f"  fields: {_shown(one.fields)}"]
    if one.comps is not None:
        lines.append(f"  comps: {_shown(one.comps)}")
    return [*lines, f"  values: {_shown(one.values)}"] if one.values else lines


def _shown(entry: object) -> str:
    if isinstance(entry, tuple):
        return f"[{', '.join(map(_shown, entry))}]"
    text = str(entry)
    if any(char in text for char in ",[]{}\"#'"):
        return "'" + text.replace("'", "''") + "'"
    return text
