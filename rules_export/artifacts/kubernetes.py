"""A rules file for clusters: Helm values, a ConfigMap, and the Rulesfile of Falco's operator."""

from __future__ import annotations

import json
import re

from rules_export.errors import EmitError
from rules_export.write.scalars import inline

#: What Kubernetes takes in one object of this kind, in bytes; a rules file has to be smaller.
CONFIG_MAP_LIMIT = 1024 * 1024
#: The key under which the operator looks for rules in a ConfigMap.
OPERATOR_KEY = "rules.yaml"
API = "artifact.falcosecurity.dev/v1alpha1"
#: falco-operator versions by the shape of a Rulesfile. Both have the same apiVersion: 0.2.0 changed `inlineRules` from
#: text to YAML, split `ociArtifact.reference` into `image` and `registry`, and added `configMapRef`.
OPERATOR, OLD_OPERATOR = ">=0.2.0", ">=0.1.0 <0.2.0"
#: The annotation that says which falco-operator versions accept an object.
OPERATOR_ANNOTATION = "mews.falco-operator-version"

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def helm_values(file_name: str, text: str) -> str:
    """Values for the chart falcosecurity/falco, which puts the file into /etc/falco/rules.d."""
    return f"customRules:\n  {inline(file_name)}: {_literal(text, 4)}\n"


def config_map(name: str, text: str, key: str = OPERATOR_KEY) -> str:
    """A ConfigMap. Raises EmitError for a name that Kubernetes refuses and for a file of 1 MiB or more."""
    _refuse(name, text, "A ConfigMap")
    return f"apiVersion: v1\nkind: ConfigMap\n{_metadata(name)}data:\n  {inline(key)}: {_literal(text, 4)}\n"


def rulesfile(name: str, text: str, priority: int = 50) -> str:
    """The operator's Rulesfile with the rules inside. priority: 0 to 99, higher ones are loaded later.

    Raises EmitError as config_map does.
    """
    _refuse(name, text, "A Rulesfile")
    rules = "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))
    return f"{_head(name)}spec:\n  priority: {_priority(priority)}\n  inlineRules:\n{rules}"


def old_rulesfile(name: str, text: str, priority: int = 50) -> str:
    """The same for falco-operator 0.1.x, which takes the rules as text. Raises EmitError as config_map does."""
    _refuse(name, text, "A Rulesfile")
    spec = f"spec:\n  priority: {_priority(priority)}\n  inlineRules: {_literal(text, 4)}\n"
    return f"{_head(name, OLD_OPERATOR)}{spec}"


def rulesfile_of_config_map(name: str, priority: int = 50) -> str:
    """The operator's Rulesfile that reads the ConfigMap of the same name."""
    _refuse(name, "", "A Rulesfile")
    return f"{_head(name)}spec:\n  priority: {_priority(priority)}\n  configMapRef:\n    name: {inline(name)}\n"


def rulesfile_of_image(name: str, registry: str, repository: str, tag: str, priority: int = 50) -> str:
    """The operator's Rulesfile that pulls the OCI artifact."""
    _refuse(name, "", "A Rulesfile")
    image = f"    image:\n      repository: {inline(repository)}\n      tag: {json.dumps(tag)}\n"
    source = f"  ociArtifact:\n{image}    registry:\n      name: {inline(registry)}\n"
    return f"{_head(name)}spec:\n  priority: {_priority(priority)}\n{source}"


def old_rulesfile_of_image(name: str, registry: str, repository: str, tag: str, priority: int = 50) -> str:
    """The same for falco-operator 0.1.x, which takes one reference."""
    _refuse(name, "", "A Rulesfile")
    source = f"  ociArtifact:\n    reference: {inline(f'{registry}/{repository}:{tag}')}\n"
    return f"{_head(name, OLD_OPERATOR)}spec:\n  priority: {_priority(priority)}\n{source}"


def object_name(name: str) -> str:
    """Any text as a name that Kubernetes takes: My Pack → my-pack."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-") or "rules"


def _head(name: str, operator: str = OPERATOR) -> str:
    fits = "0.2.0 or later" if operator == OPERATOR else "0.1.x; later versions refuse this form"
    annotations = f"  annotations:\n    {OPERATOR_ANNOTATION}: {json.dumps(operator)}\n"
    return f"# For falco-operator {fits}.\napiVersion: {API}\nkind: Rulesfile\n{_metadata(name)}{annotations}"


def _metadata(name: str) -> str:
    return f"metadata:\n  name: {inline(name)}\n  labels:\n    app.kubernetes.io/managed-by: mews\n"


def _priority(priority: int) -> int:
    if not 0 <= priority <= 99:
        raise EmitError(f"The operator takes priorities from 0 to 99, not {priority}.")
    return priority


def _refuse(name: str, text: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        raise EmitError(f"{name!r} is no name for a Kubernetes object: lower-case letters, digits and -, at most 63.")
    size = len(text.encode())
    if size >= CONFIG_MAP_LIMIT:
        raise EmitError(
            f"{what} holds less than 1 MiB, and the rules file has {size / CONFIG_MAP_LIMIT:.1f} MiB. "
            "Deliver it as an OCI artifact, or make two packs of it."
        )


def _literal(text: str, indent: int) -> str:
    """A literal block; text that such a block would change is quoted as JSON, which YAML reads too."""
    lines = text.rstrip("\n").split("\n")
    if not lines[0] or lines[0][0] == " " or not all(line.isprintable() for line in lines):
        return json.dumps(text)
    keep = "|" if text.endswith("\n") else "|-"
    return "\n".join([keep, *(" " * indent + line if line else "" for line in lines)])
