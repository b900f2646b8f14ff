"""A rules file as falcoctl pulls it from a registry: an OCI artifact, here as an image layout in a tar file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules_export.archives.packing import Entry, sha256, tar_bytes, tar_gz
from rules_export.artifacts.canonical import compact_json
from rules_export.errors import EmitError
from rules_export.ruleset.model import PluginVersion

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
CONFIG_TYPE = "application/vnd.cncf.falco.rulesfile.config.v1+json"
LAYER_TYPE = "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz"

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?")


@dataclass(frozen=True, slots=True)
class Image:
    """An artifact. tar: the layout; manifest, config, layer: the blobs, for a push; tags: names of the manifest."""

    tar: bytes
    manifest: bytes
    config: bytes
    layer: bytes
    tags: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The manifest's digest, as registries name the artifact."""
        return f"sha256:{sha256(self.manifest)}"


def image(
    name: str,
    version: str,
    file_name: str,
    text: str,
    engine: str,
    plugins: Sequence[PluginVersion] = (),
    about: Mapping[str, str] | None = None,
) -> Image:
    """The artifact of one rules file.

    name: falcoctl's (lower-case letters, digits, - and _). version: x.y.z, with or without a pre-release part. engine:
    the lowest engine version, 0.57.0 or the number of old releases. about: values of the standard annotations, by the
    names of ANNOTATIONS; empty ones are left out. Raises EmitError for a name or version that falcoctl would not take.
    """
    if not _NAME.fullmatch(name):
        raise EmitError(f"{name!r} is no name for falcoctl: lower-case letters, digits, - and _, a letter first.")
    layer = tar_gz([Entry(file_name, text.encode())])
    config = compact_json(_config(name, version, engine, plugins))
    layer_about = {**_descriptor(LAYER_TYPE, layer), "annotations": {_TITLE: f"{file_name}.tar.gz"}}
    manifest = compact_json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": _descriptor(CONFIG_TYPE, config),
            "layers": [layer_about],
            "annotations": _annotations({**(about or {}), "version": version}),
        }
    )
    named = tags(version)
    return Image(_layout(manifest, config, layer, named), manifest, config, layer, named)


def tags(version: str) -> tuple[str, ...]:
    """1.4.2 → 1.4.2, 1.4, 1, latest; a pre-release is only ever asked for by its own name. Raises EmitError."""
    found = _VERSION.fullmatch(version)
    if not found:
        raise EmitError(f"{version!r} is no semantic version: it looks like 1.4.2 or 1.4.2-rc.1.")
    if found[4]:
        return (version,)
    return (version, f"{found[1]}.{found[2]}", found[1], "latest")


def semver_engine(engine: str) -> str:
    """An engine version as falcoctl compares it: 31 → 0.31.0."""
    return f"0.{engine}.0" if engine.isdigit() else engine


_PREFIX = "org.opencontainers.image."
_TITLE, _REF = f"{_PREFIX}title", f"{_PREFIX}ref.name"
#: The standard annotations of a manifest that this module writes.
ANNOTATIONS = (
    "title", "description", "version", "created", "revision", "licenses", "vendor", "authors", "url", "documentation",
    "source",
)  # fmt: skip


def _annotations(about: Mapping[str, str]) -> dict[str, str]:
    return {f"{_PREFIX}{name}": about[name] for name in sorted(ANNOTATIONS) if about.get(name)}


def _config(name: str, version: str, engine: str, plugins: Sequence[PluginVersion]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "version": version}
    if plugins:
        found["dependencies"] = [_dependency(one) for one in sorted(plugins, key=lambda one: one.name)]
    if engine:
        found["requirements"] = [{"name": "engine_version_semver", "version": semver_engine(engine)}]
    return found


def _dependency(plugin: PluginVersion) -> dict[str, Any]:
    found: dict[str, Any] = {"name": plugin.name, "version": plugin.version}
    if plugin.alternatives:
        others = sorted(plugin.alternatives, key=lambda one: one.name)
        found["alternatives"] = [{"name": one.name, "version": one.version} for one in others]
    return found


def _descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": f"sha256:{sha256(data)}", "size": len(data)}


def _layout(manifest: bytes, config: bytes, layer: bytes, named: Sequence[str]) -> bytes:
    about = _descriptor(MANIFEST_TYPE, manifest)
    index = {
        "schemaVersion": 2,
        "mediaType": INDEX_TYPE,
        "manifests": [{**about, "annotations": {_REF: tag}} for tag in named],
    }
    blobs = [Entry(f"blobs/sha256/{sha256(data)}", data) for data in (manifest, config, layer)]
    layout = Entry("oci-layout", compact_json({"imageLayoutVersion": "1.0.0"}))
    return tar_bytes([*blobs, layout, Entry("index.json", compact_json(index))])
