"""Write docs/lints.md from the registry of the studio's lints.

usage: python scripts/make_lint_docs.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from rules_export.lints.explanations import Explained, explained  # noqa: E402
from rules_export.lints.registry import FAMILIES, lints  # noqa: E402

HEAD = """# The studio's lints

Falco loads a rule that these complain about. They come from what goes wrong in practice: conditions that never hold,
values that a field never has, exceptions that swallow a rule, alerts that say too little. Falco's own errors and
warnings (`LOAD_…`) come on top and are described in Falco's documentation.

A **warning** says that the rule most likely does not do what its author means; **advice** is about habits that make
rules easier to read, quicker, or quieter. Many findings bring a **fix** at a click, shown before it is made. A fix is
*safe* when Falco does the same with it: it looks at the same event types, the rule fires on the same events, also on
those in which a field is missing, the name, the priority and the tags stay what they are to Falco, and no field leaves
the alert. All safe ones can be made at once.

A lint can be switched off, with a reason: for one rule in the wizard, for the whole team under Settings, Findings. What
Falco itself says cannot. The same explanations stand in the studio, one page for each code. A shell takes them too:
`python -m rules_export lint --disable CODE FILE…` (exit status 1 where there is a warning), and `batch` the operation
`lint` with `files` and `disable`.

This page is written by `python scripts/make_lint_docs.py` from the registry in `rules_export/lints/registry.py`. To add
a lint, write a function in a module of `rules_export/lints/families/` and put `@lint(…)` with its examples above it.
"""


def page() -> str:
    """The whole page."""
    found = [explained(one) for one in sorted(lints(), key=lambda one: (one.place, one.code))]
    fixable = sum(1 for one in found if one.fix)
    safe = sum(1 for one in found if one.fixes == "safe")
    count = f"{len(found)} lints in {len(FAMILIES)} families; {fixable} bring a fix, {safe} of these a safe one.\n"
    rows = [
        f"| [{one.lint.code}](#{one.lint.code.lower()}) | {one.lint.severity} | {one.lint.place} "
        f"| {one.fixes if one.fix else ''} | {escaped(one.lint.title)} |"
        for one in found
    ]
    table = "\n".join(["| code | severity | about | fix | what |", "| --- | --- | --- | --- | --- |", *rows])
    return "\n".join([HEAD, count, table, "", *map(entry, found)])


def escaped(text: str) -> str:
    """Text that Markdown would take for a tag, as it is meant."""
    return text.replace("<", "&lt;")


def entry(one: Explained) -> str:
    """One lint with its examples."""
    lint = one.lint
    fixed = (
        f"\nThe fix “{one.fix}”{' (safe)' if lint.safe else ''} makes of it:\n\n{yaml(one.after)}" if one.fix else ""
    )
    return (
        f"## {lint.code}\n\n{escaped(lint.title)} ({lint.severity}, {lint.place}). {escaped(lint.hint)}\n\n"
        f"Complains:\n\n{yaml(one.bad)}{fixed}\nIs content:\n\n{yaml(one.good)}"
    )


def yaml(text: str) -> str:
    """A block of YAML."""
    return f"```yaml\n{text}\n```\n"


def main() -> int:
    """Write the page."""
    (ROOT / "docs" / "lints.md").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
