"""A catalogue to read from."""

from __future__ import annotations

import pytest

from studio.attack import services
from tests.studio.attack import bundles as made


def birds() -> dict:
    """A release with one of everything."""
    perch = made.technique("T9001", "Perch", "arrival", "nesting", platforms=("Linux", "Windows"))
    stoop = made.technique("T9001.001", "Stoop", "arrival", platforms=("Containers",))
    moult = made.technique("T9002", "Moult", "impact", platforms=("Windows",))
    gone = made.technique("T9003", "Old Perch", "arrival", revoked=True)
    older = made.technique("T9004", "Older Perch", "arrival", revoked=True)
    dropped = made.technique("T9005", "Dropped", "impact", x_mitre_deprecated=True)
    group = made.thing("intrusion-set", "G9001", "Magpies", aliases=["Magpies", "Thieves"], description="They take.")
    bird = {"labels": ["malware"], "is_family": True, "x_mitre_aliases": ["Rook"]}
    rogue = made.thing("malware", "S9001", "Rook", description="A bird.", **bird)
    tool = made.thing("tool", "S9002", "Hood", labels=["tool"], description="A tool.")
    netting = made.thing("course-of-action", "M9001", "Netting", description="Hang a net.")
    component = made.thing("x-mitre-data-component", "DC9001", "Wing Beat")
    source = {"x_mitre_data_component_ref": component["id"], "name": "ebpf:wings", "channel": "beat"}
    knobs = [{"field": "Height", "description": "How high it sits"}]
    watch = made.thing(
        "x-mitre-analytic",
        "AN9001",
        "Analytic 9001",
        description="Somebody sits there.",
        x_mitre_platforms=["Linux"],
        x_mitre_log_source_references=[source],
        x_mitre_mutable_elements=knobs,
    )
    window = made.thing("x-mitre-analytic", "AN9002", "Analytic 9002", x_mitre_platforms=["Windows"])
    plan = made.thing(
        "x-mitre-detection-strategy", "DET9001", "Watch perches", x_mitre_analytic_refs=[watch["id"], window["id"]]
    )
    return made.release(
        *(perch, stoop, moult, gone, older, dropped, group, rogue, tool, netting, component, watch, window, plan),
        made.relation("subtechnique-of", stoop, perch),
        made.relation("revoked-by", gone, perch),
        made.relation("revoked-by", older, gone),
        made.relation("uses", group, perch, description="Magpies sit."),
        made.relation("uses", group, rogue),
        made.relation("uses", rogue, moult, description="Rook moults.(Citation: Field Guide)"),
        made.relation("uses", tool, perch),
        made.relation("mitigates", netting, perch, description="A net helps."),
        made.relation("detects", plan, perch),
    )


@pytest.fixture
def catalogue(db, tmp_path):
    """The birds' release, loaded."""
    return services.sync(made.write(tmp_path / "birds.json", birds())).catalogue
