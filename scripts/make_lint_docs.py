"""Write docs/lints.md from the registry of the studio's lints.

usage: python scripts/make_lint_docs.py

A test keeps the page current.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from rules_export.checks.registry import EXAMPLE, Example, Lint, lints  # noqa: E402
from rules_export.emit.rule_yaml import exception_lines  # noqa: E402

HEAD = """# The studio's lints

Falco loads a rule that these complain about. They come from what goes wrong in practice: conditions that never hold,
values that a field never has, exceptions that swallow a rule, alerts that say too little. Falco's own errors and
warnings (`LOAD_…`) come on top and are described in Falco's documentation.

A **warning** says that the rule most likely does not do what its author means; **advice** is about habits that make
rules easier to read, quicker, or quieter. Where it is safe the studio offers a fix at a click.

This page is written by `python scripts/make_lint_docs.py` from the registry in `rules_export/checks/registry.py`. To
add a lint, write a function in a module of `rules_export/checks/lints/` and put `@lint(…)` with its examples above it.
"""


def page() -> str:
    """The whole page."""
    found = sorted(lints(), key=lambda one: (one.place, one.code))
    rows = [
        f"| [{one.code}](#{one.code.lower()}) | {one.severity} | {one.place} | {escaped(one.title)} |" for one in found
    ]
    table = "\n".join(["| code | severity | about | what |", "| --- | --- | --- | --- |", *rows])
    return "\n".join([HEAD, table, "", *map(entry, found)])


def link(code: str) -> str:
    """A link to the lint's own part of the page."""
    return f"[{code}](#{code.lower()})"


def escaped(text: str) -> str:
    """Text that Markdown would take for a tag, as it is meant."""
    return text.replace("<", "&lt;")


def entry(one: Lint) -> str:
    """One lint with its examples."""
    return (
        f"## {one.code}\n\n{escaped(one.title)} ({one.severity}, {one.place}). {escaped(one.hint)}\n\n"
        f"Complains:\n\n```yaml\n{example(one.bad)}\n```\n\nIs content:\n\n```yaml\n{example(one.good)}\n```\n"
    )


def example(changed: Example) -> str:
    """What an example changes, as it would stand in a rules file; the tags too where they are what differs."""
    return "\n".join(
        line for field in fields(EXAMPLE) if field.name in changed for line in lines(field.name, changed[field.name])
    )


def lines(key: str, value: object) -> list[str]:
    """A key of a rule with its value, shown for people rather than for parsers."""
    if key == "name":
        return [f"rule: {value}"]
    if key == "tags" and isinstance(value, tuple):
        return [f"tags: [{', '.join(value)}]"]
    if key == "exceptions" and isinstance(value, tuple):
        return ["exceptions:", *(f"  {line}" for one in value for line in exception_lines(one))]
    return [f"{key}: {str(value).replace(chr(10), chr(10) + '  ')}"]


def main() -> int:
    """Write the page."""
    (ROOT / "docs" / "lints.md").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
