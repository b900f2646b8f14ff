"""Every verb that asks who may do it also writes it down: read from the code, so that a new one cannot forget it."""

from __future__ import annotations

import ast
from pathlib import Path

STUDIO = Path(__file__).resolve().parents[3] / "studio"
#: `move` is review.services' own, through which every state of a revision goes; it records.
ASKS, TELLS = "require", {"record", "tell", "journal", "move"}
#: Rooms of pages and of the interface only call verbs; `permissions` is where asking lives.
NOT_VERBS = {"views", "api", "migrations"}
#: Carries verbs of other modules out for many rules; each of those writes for itself.
IN_BULK = "library/services.py: "


def called(function):
    """The names that a function calls."""
    found = (one.func for one in ast.walk(function) if isinstance(one, ast.Call))
    return {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in found}


def reached(name, functions, seen=()):
    """The same with what the functions of the same module call on its behalf."""
    names = called(functions[name])
    for other in names & functions.keys() - {name, *seen}:
        names = names | reached(other, functions, (*seen, name))
    return names


def verbs():
    """(module and name, what is called) of every public function that asks who may."""
    for path in sorted(STUDIO.rglob("*.py")):
        words = {*path.relative_to(STUDIO).parts, path.stem.rpartition("_")[2]}
        if words & NOT_VERBS or ASKS not in (text := path.read_text()):
            continue
        functions = {one.name: one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
        for name in functions:
            names = reached(name, functions)
            if ASKS in names and not name.startswith("_"):
                yield f"{path.relative_to(STUDIO)}: {name}", names


def test_every_verb_that_asks_who_may_writes_it_down():
    found = dict(verbs())
    assert len(found) > 60
    silent = [name for name, names in found.items() if not names & TELLS]
    assert [name for name in silent if not name.startswith(IN_BULK)] == []
