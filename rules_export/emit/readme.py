"""How to install a pack: the README of a bundle."""

from __future__ import annotations

from rules_export.emit.bundle import FILE_NAME, Bundle
from rules_export.emit.kubernetes import object_name
from rules_export.emit.pack import Pack


def readme(pack: Pack, bundle: Bundle, paths: frozenset[str]) -> str:
    """Markdown. paths: the files of the bundle; what is not among them is not spoken of."""
    name = object_name(pack.name)
    before = "" if bundle.mode == "standalone" else "-V /etc/falco/falco_rules.yaml "
    sections = [
        f"# {pack.title} {pack.version}",
        pack.description,
        f"{len(pack.members)} rule{'s' if len(pack.members) != 1 else ''} for Falco, made by {pack.made_by}. "
        f"Needs engine {bundle.required_engine_version} or newer; CATALOGUE.md says what each rule catches.",
        "## Check what you got",
        _code("sha256sum -c SHA256SUMS", *_signature(paths)),
        "## Package or systemd",
        "The file is loaded after the default rules, and no package overwrites it. Falco reads it at once where "
        "`watch_config_files` is on; the last command is for hosts where it is off.",
        _code(
            f"falco {before}-V {FILE_NAME}",
            f"install -m 0644 {FILE_NAME} /etc/falco/{FILE_NAME}",
            "systemctl reload-or-restart falco",
        ),
        f"Hosts that keep local rules of their own take `rules.d/50-{pack.name}.yaml` into /etc/falco/rules.d instead.",
        "## Container",
        _code(f'docker run … -v "$PWD/{FILE_NAME}:/etc/falco/{FILE_NAME}:ro" falcosecurity/falco'),
        "## falcoctl",
        *_falcoctl(pack),
    ]
    if "helm/values.yaml" in paths:
        sections += ["## Helm", _code("helm upgrade falco falcosecurity/falco --reuse-values -f helm/values.yaml")]
    if "kubernetes/rulesfile.yaml" in paths:
        sections += [
            "## Operator",
            _code("kubectl apply -n falco -f kubernetes/rulesfile.yaml"),
            f"Or from a ConfigMap: `kubernetes/configmap.yaml`, then `kubernetes/rulesfile-configmap.yaml` ({name}).",
        ]
    if "tests/event-generator.yaml" in paths:
        sections += [
            "## Try it",
            "On a host for tests, with Falco's event-generator; `tests/emulate.sh` does it with harmless commands:",
            _code("event-generator suite test --test-suite-file tests/event-generator.yaml"),
        ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _falcoctl(pack: Pack) -> list[str]:
    """From the registry where the image is published; else how it gets into one."""
    place = f"{pack.registry}/{pack.repository}" if pack.repository else "REGISTRY/REPOSITORY"
    layout = f"oci/{pack.full_name}.tar:{pack.version}"
    push = _code(f"oras cp --from-oci-layout {layout} {place}:{pack.version}")
    return ["Push the image layout once:", push, _code(f"falcoctl artifact install {place}:{pack.version}")]


def _signature(paths: frozenset[str]) -> list[str]:
    if "SHA256SUMS.sig" not in paths:
        return []
    return [
        "base64 -d SHA256SUMS.sig >SHA256SUMS.der",
        "openssl dgst -sha256 -verify signing.pub -signature SHA256SUMS.der SHA256SUMS",
        "# or:",
        "cosign verify-blob --key signing.pub --signature SHA256SUMS.sig --insecure-ignore-tlog SHA256SUMS",
    ]


def _code(*lines: str) -> str:
    return "\n".join(["```sh", *lines, "```"])
