"""Every route, by what it is about, in the order of the reference."""

from __future__ import annotations

from ninja import Router

from studio.api.routes import (
    behaviours,
    checking,
    coverage,
    definitions,
    drafts,
    imports,
    journal,
    library,
    me,
    packs,
    releases,
    reviews,
    samples,
    talking,
)

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("Token", me.router),
    ("Check and try", checking.router),
    ("Drafts", drafts.router),
    ("Sample events", samples.router),
    ("Reviews", reviews.router),
    ("Comments", talking.router),
    ("Library", library.router),
    ("Imports", imports.router),
    ("Macros and lists", definitions.router),
    ("Behaviours", behaviours.router),
    ("Coverage", coverage.router),
    ("Packs", packs.router),
    ("Releases and exports", releases.router),
    ("Journal", journal.router),
)
