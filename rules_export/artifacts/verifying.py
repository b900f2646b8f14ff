"""A bundle held against what it says of itself: digests, signature, manifest, Falco's verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules_export.archives.packing import sha256
from rules_export.artifacts.manifest import FORMAT, SIGNATURE, SUMS, read_sums
from rules_export.catalog.macros import UPSTREAM_FILES
from rules_export.definitions.closure import Vocabulary, closure
from rules_export.ruleset.model import Rule
from rules_export.verdict.loading import load_ruleset
from rules_export.write.bundle import FILE_NAME
from rules_export.write.judgement import findings
from rules_export.write.rule_yaml import to_yaml

#: Whether a signature (second) stands for these bytes (first): the name of the key, or None.
Verify = Callable[[bytes, bytes], str | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ok: None where there was nothing to look at."""

    what: str
    ok: bool | None
    says: str


def verify_bundle(files: Mapping[str, bytes], verify: Verify | None = None) -> tuple[Check, ...]:
    """All checks of an unpacked bundle. verify: for the signature; without it a signature is not looked at."""
    manifest = _manifest(files)
    return (
        Check("digests", *_digests(files)),
        Check("signature", *_signature(files, verify)),
        Check("manifest", *_rules_told(files, manifest)),
        Check("verdict", *_verdict(files, manifest)),
    )


def _digests(files: Mapping[str, bytes]) -> tuple[bool, str]:
    if SUMS not in files:
        return False, f"There is no {SUMS}: this is no bundle of Mews."
    try:
        told = read_sums(files[SUMS].decode())
    except ValueError as error:
        return False, f"{SUMS} cannot be read: {error}."
    wrong = [path for path, digest in told.items() if path in files and sha256(files[path]) != digest]
    missing = [path for path in told if path not in files]
    extra = [path for path in files if path not in told and path not in (SUMS, SIGNATURE)]
    for paths, says in ((wrong, "changed"), (missing, "missing"), (extra, "not told of")):
        if paths:
            return False, f"{_some(paths)} {'is' if len(paths) == 1 else 'are'} {says}."
    return True, f"{len(told)} files are as {SUMS} says."


def _signature(files: Mapping[str, bytes], verify: Verify | None) -> tuple[bool | None, str]:
    if SIGNATURE not in files:
        return None, "The bundle is not signed."
    if verify is None:
        return None, "The bundle is signed; no key was given to check it with."
    key = verify(files.get(SUMS, b""), files[SIGNATURE])
    return (True, f"{SUMS} is signed by {key}.") if key else (False, "No known key made this signature.")


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        found = json.loads(files.get("manifest.json", b""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("format") == FORMAT else {}


def _rules_told(files: Mapping[str, bytes], manifest: dict[str, Any]) -> tuple[bool, str]:
    told = manifest.get("rules")
    if not isinstance(told, list):
        return False, "manifest.json is missing, or of another format."
    names = [one.get("name") for one in told if isinstance(one, dict)]
    rules, _ = load_ruleset([(FILE_NAME, files.get(FILE_NAME, b""))])
    inside = [rule.name for rule in rules.rules]
    if names != inside and _has_verdict(files):
        return False, f"It names other rules than {FILE_NAME} holds."
    return (
        True,
        f"{len(names)} rule{'s' if len(names) != 1 else ''} of {manifest.get('name')} {manifest.get('version')}.",
    )


def _has_verdict(files: Mapping[str, bytes]) -> bool:
    return FILE_NAME in files


def _verdict(files: Mapping[str, bytes], manifest: dict[str, Any]) -> tuple[bool, str]:
    if not _has_verdict(files):
        return False, f"There is no {FILE_NAME}."
    before = _expected(manifest)
    loaded = [(UPSTREAM_FILES[0], before)] if before else []
    _, verdict = load_ruleset([*loaded, (FILE_NAME, files[FILE_NAME])], plugins=_plugins(manifest))
    if verdict.fatal is not None:
        return False, f"Falco would stop: {verdict.fatal}."
    found = findings(verdict)
    if found:
        return False, f"Falco complains: {found[0].message or found[0].code} ({found[0].item or FILE_NAME})."
    return True, "Falco loads it without an error or a warning."


def _plugins(manifest: dict[str, Any]) -> str:
    asked = manifest.get("required_plugin_versions") or ()
    names = {one.get("name") for one in asked if isinstance(one, dict)}
    return "container" if names <= {"container"} else "all"


def _expected(manifest: dict[str, Any]) -> str:
    """What the rules files of the Falco project define of the names that the bundle counts on."""
    vocabulary = Vocabulary.of((), (), ())
    names = set(_texts(manifest.get("expects")))
    macros = [name for name in sorted(names) if name in vocabulary.macros]
    lists = [name for name in sorted(names) if name in vocabulary.lists]
    parts = [*macros, *([f"proc.name in ({', '.join(lists)})"] if lists else [])]
    needed = closure([Rule("", " and ".join(parts), "", "", "")], vocabulary)
    return to_yaml([*needed.lists, *needed.macros])


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            yield one


def _some(paths: list[str]) -> str:
    shown = ", ".join(paths[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
