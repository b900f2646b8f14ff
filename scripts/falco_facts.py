"""Follow a release of Falco: store what it prints about itself, and write the catalogue's tables from the facts.

usage: python scripts/falco_facts.py                        write the tables from the facts in the repository
       python scripts/falco_facts.py --check                exit 1 if the tables are not what the facts say
       python scripts/falco_facts.py --falco PROGRAM        add the release of this Falco program
       python scripts/falco_facts.py --saved FOLDER         add the release whose outputs were saved in FOLDER
       python scripts/falco_facts.py --compare 0.44         report what 0.44 changed, without writing anything

docs/falco-release.md describes every step. Same facts, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from facts.outputs import read_saved, run_falco
from facts.report import describe_changes, list_questions
from facts.store import Facts, FactsError, Release, read_facts, write_release, write_shared
from facts.tables import ANY, SYSCALL, write_tables
from facts.update import add_release

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 where facts or output cannot be read, or `--check` finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--falco", type=Path, help="a Falco program to ask")
    chosen.add_argument("--saved", type=Path, help="a folder with its saved outputs")
    chosen.add_argument("--check", action="store_true", help="compare the tables with the facts, write nothing")
    chosen.add_argument(
        "--compare", metavar="RELEASE", help="report what a release in the facts changed, write nothing"
    )
    parser.add_argument("--date", default="", help="day of the release, as 2026-06-10")
    parser.add_argument(
        "--catalog", type=Path, default=ROOT / "rules_export" / "catalog", help="folder with facts/ and data/"
    )
    options = parser.parse_args(arguments)
    try:
        facts = read_facts(options.catalog / "facts")
        if options.check:
            return check_tables(facts, options.catalog / "data")
        if options.compare:
            print_report(facts, *find_release(facts, options.compare), options.catalog, [])
        elif options.falco or options.saved:
            add(facts, options)
        else:
            write(facts, options.catalog / "data")
    except FactsError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def add(facts: Facts, options: argparse.Namespace) -> None:
    """Add a release, write the tables, report."""
    sources = [plugin.source for plugin in facts.plugins if plugin.source not in (SYSCALL, ANY)]
    output = run_falco(options.falco, sources) if options.falco else read_saved(options.saved)
    update = add_release(facts, output, options.date)
    tables = write_tables(update.facts)  # before anything is written: a problem leaves the facts as they were
    folder = options.catalog / "facts"
    write_release(folder / update.release.name, update.release, update.previous)
    write_shared(folder, update.facts)
    write_texts(tables, options.catalog / "data")
    print_report(update.facts, update.release, update.previous, options.catalog, update.questions)


def write(facts: Facts, data: Path) -> None:
    """Write the tables from the facts."""
    write_texts(write_tables(facts), data)


def write_texts(tables: dict[str, str], data: Path) -> None:
    """Write the tables that differ, and name them."""
    changed = outdated_tables(tables, data)
    for name in changed:
        (data / name).write_text(tables[name], encoding="utf-8")
    print(f"Tables written: {', '.join(changed)}." if changed else "The tables are up to date.")


def outdated_tables(tables: dict[str, str], data: Path) -> list[str]:
    """Names of tables that are missing or differ."""
    return [
        name
        for name, text in tables.items()
        if not (data / name).is_file() or (data / name).read_text(encoding="utf-8") != text
    ]


def check_tables(facts: Facts, data: Path) -> int:
    """1 if a table is not what the facts say."""
    outdated = outdated_tables(write_tables(facts), data)
    if outdated:
        print(f"Not up to date: {', '.join(outdated)}. Run `make falco-facts` and commit the result.", file=sys.stderr)
    return int(bool(outdated))


def find_release(facts: Facts, name: str) -> tuple[Release, Release]:
    """A release and the one before it."""
    names = [release.name for release in facts.releases]
    if name not in names[1:]:
        raise FactsError(f"No release {name} with one before it. Known: {', '.join(names[1:])}.")
    place = names.index(name)
    return facts.releases[place], facts.releases[place - 1]


def print_report(facts: Facts, release: Release, previous: Release, catalog: Path, questions: Sequence[str]) -> None:
    """What changed, and what a person must decide."""
    print("\n".join(describe_changes(facts, release, previous)))
    library = ROOT / "studio" / "behaviours" / "library"
    decisions = [*questions, *list_questions(facts, release, previous, catalog / "data" / "macros.yaml", library)]
    if decisions:
        print("\nDecide:")
        print("\n".join(f"- {question}" for question in decisions))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
