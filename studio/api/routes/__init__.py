"""Every route, by what it is about, in the order of the reference."""

from __future__ import annotations

from ninja import Router

from studio.api.routes import (
    behaviours,
    channels,
    checking,
    coverage,
    definitions,
    drafts,
    finding,
    imports,
    journal,
    lab,
    library,
    lints,
    me,
    notices,
    own,
    packs,
    people,
    proving,
    releases,
    reviews,
    samples,
    saved,
    talking,
    webhooks,
)

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("Token", me.router),
    ("Search", finding.router),
    ("Check and try", checking.router),
    ("Lab", lab.router),
    ("Drafts", drafts.router),
    ("Sample events", samples.router),
    ("Scripts and suites", proving.router),
    ("Findings", lints.router),
    ("Reviews", reviews.router),
    ("Comments", talking.router),
    ("Library", library.router),
    ("Imports", imports.router),
    ("Macros and lists", definitions.router),
    ("Behaviours", behaviours.router),
    ("Behaviours of the team", own.router),
    ("Coverage", coverage.router),
    ("Packs", packs.router),
    ("Releases and exports", releases.router),
    ("Channels, destinations, keys", channels.router),
    ("Saved views", saved.router),
    ("Notices", notices.router),
    ("Webhooks", webhooks.router),
    ("Team", people.router),
    ("Journal", journal.router),
)
