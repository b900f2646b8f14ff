"""From YAML to a draft's content: a rule as Falco reads it, turned into what the wizard edits. No web, no tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules_export.ruleset.model import Rule, RuleSet
from rules_export.verdict.loading import FileResult, load_ruleset
from studio.authoring.content import SUGGESTED, RuleContent, shortened, to_json, to_table, trimmed
from studio.authoring.inlining import inline

#: Falco's codes for text that is no rules file, after which nothing of it can be used.
_UNREADABLE = ("LOAD_ERR_YAML_PARSE", "LOAD_ERR_YAML_VALIDATE")
_ATTACK_ID = re.compile(r"[Tt]\d{4}(?:\.\d{3})?")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text cannot be read, and where (counted from 1; line 0 for the whole of it)."""

    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.message}" if self.line else self.message


class UnreadableError(ValueError):
    """The text holds nothing that can become a draft."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Read:
    """A rule as content, and what about it is worth a word: what was put in place, what was left out."""

    content: RuleContent
    notes: tuple[str, ...] = ()


def read_file(text: str) -> RuleSet:
    """What a rules file defines. Raises UnreadableError with Falco's reasons where it is none; conditions that do not
    compile are no reason, the wizard shows what is wrong with them."""
    found, verdict = load_ruleset([("pasted.yaml", text)])
    if verdict.fatal is not None:
        raise UnreadableError(Reason(verdict.fatal))
    reasons = [reason for result in verdict.results for reason in unreadable(result)]
    if reasons:
        raise UnreadableError(*reasons)
    return found


def read_rule(text: str) -> Read:
    """The one rule of a pasted text. Raises UnreadableError."""
    if not text.strip():
        raise UnreadableError(Reason("Paste a rule first: a list item that begins with “- rule:”."))
    found = read_file(_as_list(text))
    if not found.rules:
        raise UnreadableError(Reason("There is no whole rule in this text. A rule begins with “- rule:”."))
    if len(found.rules) > 1:
        names = ", ".join(one.name for one in found.rules[:5])
        raise UnreadableError(Reason(f"There are {len(found.rules)} rules in this text ({names} …). Paste one."))
    read = content_of(found.rules[0], found)
    if why := unstorable(read.content):
        raise UnreadableError(Reason(why))
    return read


def content_of(rule: Rule, beside: RuleSet | None = None) -> Read:
    """A rule as content. Macros and lists that the file defines `beside` it, and the library does not, are put in their
    place. The techniques are those of the tags; whether ATT&CK knows them is the caller's to see."""
    after = inline(rule.condition, rule.exceptions, beside or RuleSet())
    notes = [f"{name} is inlined: only the pasted text defines it." for name in after.names]
    techniques = technique_ids(rule.tags)
    priority = rule.priority.upper()
    texts = {"name": rule.name, "condition": after.condition, "output": rule.output, "desc": rule.desc}
    content = RuleContent(
        techniques=techniques,
        primary=techniques[0] if techniques else "",
        condition=after.condition,
        exceptions=tuple(to_table(one) for one in after.exceptions),
        output=rule.output,
        name=rule.name,
        desc=rule.desc,
        priority="INFORMATIONAL" if priority == "INFO" else priority,
        enabled=rule.enabled,
        tags=rule.tags,
        source=rule.source,
        touched=frozenset(SUGGESTED),
        warn_evttypes=rule.warn_evttypes,
        skip_if_unknown_filter=rule.skip_if_unknown_filter,
        capture=rule.capture,
        capture_duration=rule.capture_duration,
        exact=any(trimmed(part, text) != text for part, text in texts.items()),
    )
    return Read(content, (*notes, *after.notes))


def unstorable(content: RuleContent) -> str:
    """Why the content cannot be stored; "" where it can. A database takes neither NUL nor what is not Unicode."""
    bad = next(
        (char for text in _texts(to_json(content)) for char in text if char == "\0" or "\ud800" <= char < "\ue000"), ""
    )
    where = f"The rule {shortened(content.name)!r} contains"
    if not bad:
        return ""
    if bad == "\0":
        return f"{where} a NUL character, which Mews cannot store. Remove it from the file."
    return f"{where} a byte that is not UTF-8, which Mews cannot store. Save the file as UTF-8."


def _texts(form: object) -> Iterator[str]:
    """Every text of a JSON form, keys left out."""
    waiting = [form]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def technique_ids(tags: Iterable[str]) -> tuple[str, ...]:
    """ATT&CK ids among tags, each once: T1490, T1059.004."""
    return tuple(dict.fromkeys(tag.upper() for tag in tags if _ATTACK_ID.fullmatch(tag)))


def _as_list(text: str) -> str:
    """The text, as a list where somebody pasted the one item without its dash."""
    plain = text.strip("\n\r\t ")
    if re.match(r"rule\s*:", plain) and "\n- " not in text:
        lines = text.replace("\r\n", "\n").strip("\n").split("\n")
        return "\n".join(["- " + lines[0].lstrip(), *("  " + line for line in lines[1:])])
    return text


def unreadable(result: FileResult) -> list[Reason]:
    """Why Falco can make nothing of a file; empty where it can, whatever else it complains of."""
    found = []
    for problem in result.errors:
        if problem.code == "LOAD_ERR_YAML_PARSE":
            found.append(Reason(problem.message.removeprefix("yaml-cpp: error at ").capitalize()))
        elif problem.code in _UNREADABLE:
            at = problem.context.position
            found.append(Reason(problem.message, at.line + 1, at.column + 1))
    return found


def in_place(condition: str, beside: RuleSet) -> tuple[str, list[str]]:
    """The condition with what only the pasted text defines put in place of its names, and those names."""
    after = inline(condition, (), beside)
    return after.condition, list(after.names)
