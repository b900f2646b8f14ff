"""Rules files and the releases of Falco: `validate --target`, and `needs`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rules_export.catalog import versions
from rules_export.catalog.versions import Release
from rules_export.cli.errors import UsageError
from rules_export.findings import Finding, Severity
from rules_export.verdict.report import as_json, as_text
from rules_export.verdict.target import Needs, file_needs, target_findings


def validate_for(files: Sequence[tuple[str, bytes]], target: str, plugins: str, as_object: bool) -> int:
    """Print the verdict, then what the release `target` lacks; 1 where Falco refuses the files or the release does."""
    release = _release(target)
    found = file_needs(files, plugins)
    findings = target_findings(found, release)
    if found.verdict.fatal is not None:
        print(found.verdict.fatal)
    elif as_object:
        report = json.loads(as_json(found.verdict))
        report["mews_target"] = {**_as_object(release), "findings": [_finding(one) for one in findings]}
        print(json.dumps(report, separators=(",", ":")))
    else:
        print(as_text(found.verdict))
        for one in findings:
            print(f"{one.severity.capitalize()} {one.code}: {one.item or 'the file'}: {one.message}")
        if not findings:
            print(f"Falco {release.falco} (engine {release.engine}) knows everything that is used.")
    refused = any(one.severity is Severity.ERROR for one in findings)
    return int(refused or found.verdict.exit_code != 0)


def tell_needs(files: Sequence[tuple[str, bytes]], plugins: str, as_object: bool) -> int:
    """Print the oldest release and the plugins that the files need, with the reasons; 1 where Falco refuses them."""
    found = file_needs(files, plugins)
    if as_object:
        print(json.dumps(_needs_object(found)))
    else:
        print(f"required_engine_version: {found.release.engine} (Falco {found.release.falco})")
        for name, version in found.plugins:
            print(f"required_plugin_versions: {name} {version}")
        for one in sorted(found.needs, key=lambda one: versions.numbers(one.requirement.engine), reverse=True):
            print(f"  {one.requirement.engine}: {one.item or 'the file'}: {one.requirement.reason}")
    return found.verdict.exit_code


def _release(text: str) -> Release:
    try:
        return versions.release(text)
    except (KeyError, ValueError):
        known = ", ".join(one.falco for one in versions.RELEASES)
        raise UsageError(f"no release {text}; known: {known}") from None


def _as_object(release: Release) -> dict[str, str]:
    return {"falco": release.falco, "engine": release.engine}


def _finding(one: Finding) -> dict[str, str]:
    return {"code": one.code, "severity": str(one.severity), "item": one.item, "message": one.message}


def _needs_object(found: Needs) -> dict[str, object]:
    reasons = [
        {
            "item": one.item,
            "what": one.requirement.what,
            "engine": one.requirement.engine,
            "reason": one.requirement.reason,
        }
        for one in found.needs
    ]
    plugins = [{"name": name, "version": version} for name, version in found.plugins]
    return {**_as_object(found.release), "plugins": plugins, "reasons": reasons}
