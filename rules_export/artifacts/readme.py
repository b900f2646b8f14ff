"""How to install a pack: the README of a bundle."""

from __future__ import annotations

from rules_export.artifacts.kubernetes import object_name
from rules_export.artifacts.pack import Pack
from rules_export.write.bundle import FILE_NAME, Bundle

_KEY = (
    "signing.pub is a public key from the page *Packs → Keys* of the Mews that made this. Take it from there, once; "
    "a key that comes along with a bundle proves nothing."
)
_TOO_LARGE = "The rules file has 1 MiB or more, and no ConfigMap holds it."


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
        _KEY if "SHA256SUMS.sig" in paths else "",
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
        "## Helm",
        *_helm(pack, bundle, paths),
        "## Operator",
        *_operator(name, paths),
        *_trial(paths),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _place(pack: Pack) -> str:
    return f"{pack.registry}/{pack.repository}" if pack.repository else "REGISTRY/REPOSITORY"


def _falcoctl(pack: Pack) -> list[str]:
    """From the registry where the image is published; else how it gets into one."""
    layout = f"oci/{pack.full_name}.tar:{pack.version}"
    push = _code(f"oras cp --from-oci-layout {layout} {_place(pack)}:{pack.version}")
    install = f"falcoctl artifact install {_place(pack)}:{pack.version} --rulesfiles-dir /etc/falco/rules.d"
    return [
        "Push the image layout once:",
        push,
        "Then, on every host; Falco loads what lies in rules.d:",
        _code(install),
    ]


def _helm(pack: Pack, bundle: Bundle, paths: frozenset[str]) -> list[str]:
    command = "helm upgrade falco falcosecurity/falco --reuse-values"
    if "helm/values.yaml" in paths:
        return [_code(f"{command} -f helm/values.yaml")]
    overlay = bundle.mode != "standalone"
    refs = [*(["falco-rules:latest"] if overlay else []), f"{_place(pack)}:{pack.version}"]
    files = [*(["falco_rules.yaml"] if overlay else []), f"{pack.name}.yaml", "rules.d"]
    loaded = ",".join(f"/etc/falco/{one}" for one in files)
    return [
        f"{_TOO_LARGE} The chart pulls it from the registry:",
        _code(
            f"{command} \\",
            f"  --set 'falcoctl.config.artifact.install.refs={{{','.join(refs)}}}' \\",
            f"  --set 'falco.rules_files={{{loaded}}}'",
        ),
    ]


def _operator(name: str, paths: frozenset[str]) -> list[str]:
    inline, image = "kubernetes/rulesfile.yaml" in paths, "kubernetes/rulesfile-oci.yaml" in paths
    ways = []
    if inline:
        ways += [
            "With falco-operator 0.2.0 or later. falco-operator 0.1.x takes another form: use "
            "`kubernetes/rulesfile-v0.1.yaml` instead.",
            _code("kubectl apply -n falco -f kubernetes/rulesfile.yaml"),
            f"Or from a ConfigMap: `kubernetes/configmap.yaml`, then `kubernetes/rulesfile-configmap.yaml` ({name}).",
        ]
    if image:
        words = "From the registry (falco-operator 0.1.x: `kubernetes/rulesfile-oci-v0.1.yaml`):"
        ways += [words, _code("kubectl apply -n falco -f kubernetes/rulesfile-oci.yaml")]
    return ways or [
        f"{_TOO_LARGE} Write a Rulesfile with `spec.ociArtifact` for the image above: the pack does not say where "
        "it is published."
    ]


def _trial(paths: frozenset[str]) -> list[str]:
    if "tests/event-generator.yaml" not in paths:
        return []
    harmless = "; `tests/emulate.sh` does it with harmless commands" if "tests/emulate.sh" in paths else ""
    return [
        "## Try it",
        f"On a host for tests, with Falco's event-generator{harmless}:",
        _code("event-generator suite test --test-suite-file tests/event-generator.yaml"),
    ]


def _signature(paths: frozenset[str]) -> list[str]:
    if "SHA256SUMS.sig" not in paths:
        return []
    return [
        "base64 -d SHA256SUMS.sig >SHA256SUMS.der",
        "openssl dgst -sha256 -verify signing.pub -signature SHA256SUMS.der SHA256SUMS",
        "# or (cosign 3 wants --new-bundle-format=false too):",
        "cosign verify-blob --key signing.pub --signature SHA256SUMS.sig --insecure-ignore-tlog SHA256SUMS",
    ]


def _code(*lines: str) -> str:
    return "\n".join(["```sh", *lines, "```"])
