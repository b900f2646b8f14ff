"""All files of a release, written from one value: what a bundle holds before it is packed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rules_export.archives.packing import Entry, sha256
from rules_export.artifacts.canonical import compact_json, pretty_json
from rules_export.artifacts.catalogue import html, markdown
from rules_export.artifacts.emulation import Step, script
from rules_export.artifacts.falcoctl import IndexEntry, index
from rules_export.artifacts.generator_suite import Fires, suite
from rules_export.artifacts.kubernetes import (
    config_map,
    helm_values,
    object_name,
    old_rulesfile,
    old_rulesfile_of_image,
    rulesfile,
    rulesfile_of_config_map,
    rulesfile_of_image,
)
from rules_export.artifacts.manifest import SIGNATURE, SUMS, manifest, sums
from rules_export.artifacts.navigator import LayerTechnique, layer
from rules_export.artifacts.oci import image
from rules_export.artifacts.pack import Member, Pack
from rules_export.artifacts.readme import readme
from rules_export.artifacts.sarif import Tool, sarif
from rules_export.artifacts.table import csv_bytes
from rules_export.errors import EmitError
from rules_export.findings import Finding
from rules_export.ruleset.model import Rule
from rules_export.write.bundle import FILE_NAME, Bundle

#: The operator's Rulesfile, and the form that falco-operator 0.1.x takes.
RULESFILE, OLD_RULESFILE = "kubernetes/rulesfile.yaml", "kubernetes/rulesfile-v0.1.yaml"
RULESFILE_OCI, OLD_RULESFILE_OCI = "kubernetes/rulesfile-oci.yaml", "kubernetes/rulesfile-oci-v0.1.yaml"
#: Signs bytes and gives the signature as text for a file.
Sign = Callable[[bytes], bytes]


def pack_files(
    pack: Pack, bundle: Bundle, findings: Sequence[Finding], fires: Fires, sign: Sign | None = None
) -> tuple[Entry, ...]:
    """The files, by path, SHA256SUMS and its signature included. bundle: the rules of `pack`, as they were written.

    fires: whether a rule fires on an event. Files that this pack cannot have are told in manifest.json.
    """
    omitted: dict[str, str] = {}
    found = [*_rules(pack, bundle), *_reports(pack, bundle, findings), *_tests(pack, fires, omitted)]
    found += _cluster(pack, bundle.text, omitted)
    found += _oci(pack, bundle, omitted)
    found.append(Entry("manifest.json", manifest(pack, bundle, omitted)))
    paths = frozenset([*(entry.path for entry in found), *([SIGNATURE] if sign else [])])
    found.append(Entry("README.md", readme(pack, bundle, paths).encode()))
    summed = sums(found)
    found.append(Entry(SUMS, summed))
    if sign:
        found.append(Entry(SIGNATURE, sign(summed)))
    return tuple(sorted(found, key=lambda entry: entry.path))


def _rules(pack: Pack, bundle: Bundle) -> Iterable[Entry]:
    text = bundle.text.encode()
    yield Entry(FILE_NAME, text)
    yield Entry(f"rules.d/50-{pack.name}.yaml", text)
    yield Entry("CHANGELOG.md", (pack.changelog.strip() + "\n").encode())


def _reports(pack: Pack, bundle: Bundle, findings: Sequence[Finding]) -> Iterable[Entry]:
    yield Entry("CATALOGUE.md", markdown(pack, bundle).encode())
    yield Entry("catalogue.html", html(pack, bundle).encode())
    yield Entry("rules.csv", csv_bytes(_HEAD, map(_row, pack.members)))
    yield Entry("findings.sarif", sarif(findings, FILE_NAME, bundle.text, _tool(pack), _run(pack)))
    yield Entry("navigator-layer.json", pack_layer(pack))


def _tool(pack: Pack) -> Tool:
    name, _, version = pack.made_by.partition(" ")
    return Tool(name, version, pack.home)


def _run(pack: Pack) -> str:
    """The name of the run: code hosts keep the results of one pack together, whatever its version."""
    return f"{pack.name}/{pack.version}"


_HEAD = ("Rule", "Priority", "Enabled", "Techniques", "Tags", "Exceptions", "Revision", "Approved by", "Description")


def _row(one: Member) -> tuple[object, ...]:
    rule = one.rule
    joined = [", ".join(part) for part in (one.techniques, rule.tags, [item.name for item in rule.exceptions])]
    enabled = "yes" if rule.enabled else "no"
    return (rule.name, rule.priority, enabled, *joined, one.revision, ", ".join(one.approvers), rule.desc)


def pack_layer(pack: Pack) -> bytes:
    """The pack's techniques as a Navigator layer: the score is the number of rules that are enabled."""
    rules: dict[str, list[Rule]] = {}
    for member in pack.members:
        for technique in member.techniques:
            rules.setdefault(technique, []).append(member.rule)
    techniques = [
        LayerTechnique(one, sum(rule.enabled for rule in found), "; ".join(map(_named, found)))
        for one, found in rules.items()
    ]
    title = f"{pack.title} {pack.version}"
    return layer(title, techniques, description=pack.description, attack_version=pack.attack_version)


def _named(rule: Rule) -> str:
    return rule.name if rule.enabled else f"{rule.name} (disabled)"


def _tests(pack: Pack, fires: Fires, omitted: dict[str, str]) -> Iterable[Entry]:
    lines = [
        compact_json({"rule": member.rule.name, "name": one.name, "fires": one.fires, "fields": dict(one.fields)})
        for member in pack.members
        for one in member.examples
    ]
    if lines:
        yield Entry("tests/events.jsonl", b"\n".join(lines) + b"\n")
    made = suite(pack.members, fires)
    if made.text:
        yield Entry("tests/event-generator.yaml", made.text.encode())
    else:
        omitted["tests/event-generator.yaml"] = "No sample event can be played without harm."
    if made.left_out:
        rows = [{"rule": rule, "event": event, "why": why} for rule, event, why in made.left_out]
        yield Entry("tests/not-played.json", pretty_json(rows))
    if any(member.emulation for member in pack.members):
        yield Entry("tests/emulate.sh", _emulation(pack).encode(), executable=True)


def _emulation(pack: Pack) -> str:
    steps = [Step(one.rule.name, command) for one in pack.members for command in one.emulation]
    rules = [one.rule.name for one in pack.members if one.emulation]
    return script(f"Makes the rules of {pack.full_name} fire", rules, steps)


def _cluster(pack: Pack, text: str, omitted: dict[str, str]) -> Iterable[Entry]:
    """Files for clusters. A chart's rules end in a ConfigMap too, so all of them keep to its limit."""
    name = object_name(pack.name)
    try:
        made = (config_map(name, text), rulesfile(name, text), old_rulesfile(name, text))
    except EmitError as error:
        for path in ("kubernetes/configmap.yaml", RULESFILE, OLD_RULESFILE, "helm/values.yaml"):
            omitted[path] = error.message
        return
    yield Entry("kubernetes/configmap.yaml", made[0].encode())
    yield Entry(RULESFILE, made[1].encode())
    yield Entry(OLD_RULESFILE, made[2].encode())
    yield Entry("kubernetes/rulesfile-configmap.yaml", rulesfile_of_config_map(name).encode())
    yield Entry("helm/values.yaml", helm_values(f"{pack.name}.yaml", text).encode())


def _oci(pack: Pack, bundle: Bundle, omitted: dict[str, str]) -> Iterable[Entry]:
    made = image(
        pack.name,
        pack.version,
        f"{pack.name}.yaml",
        bundle.text,
        bundle.required_engine_version,
        bundle.required_plugin_versions,
        _about(pack, bundle),
    )
    yield Entry(f"oci/{pack.full_name}.tar", made.tar)
    if not pack.repository:
        omitted["oci/index.yaml"] = "The pack does not say where its image is published."
        return
    place = (object_name(pack.name), pack.registry, pack.repository, pack.version)
    yield Entry(RULESFILE_OCI, rulesfile_of_image(*place).encode())
    yield Entry(OLD_RULESFILE_OCI, old_rulesfile_of_image(*place).encode())
    entry = IndexEntry(
        pack.name, pack.registry, pack.repository, pack.description, home=pack.page, license=pack.license,
        maintainers=pack.maintainers, sources=(pack.source,) if pack.source else (),
    )  # fmt: skip
    yield Entry("oci/index.yaml", index([entry]).encode())


def _about(pack: Pack, bundle: Bundle) -> dict[str, str]:
    """What the image's annotations say. revision: the digest of the rules file, as SHA256SUMS has it."""
    return {
        "title": pack.title, "description": pack.description, "created": pack.released_at,
        "revision": f"sha256:{sha256(bundle.text.encode())}", "licenses": pack.license, "vendor": pack.vendor,
        "authors": pack.authors, "url": pack.page, "documentation": pack.documentation, "source": pack.source,
    }  # fmt: skip
