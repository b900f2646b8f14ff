"""Event sources, and which plugins are taken to be loaded beside Falco."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal, TypeAlias

from rules_export.catalog.data.fields_table import CLASSES, ENGINE

#: "container": Falco as it is installed, with the container plugin. "all": the source plugins of the project as well.
PluginSet: TypeAlias = Literal["container", "all"]
CONTAINER: PluginSet = "container"
ALL: PluginSet = "all"
SYSCALL = "syscall"
#: The engine version that this catalogue describes.
ENGINE_VERSION = ENGINE

_BUILT_IN = frozenset({"generic", "evt", "process", "user", "group", "fd", "fs.path", "util", "fdlist", "container"})
#: Names and versions of the plugins in each set, as `required_plugin_versions` compares them.
PLUGIN_VERSIONS: dict[str, dict[str, str]] = {
    CONTAINER: {"container": "0.7.1"},
    ALL: {
        "container": "0.7.1",
        "k8smeta": "0.1.0",
        "k8saudit": "0.18.0",
        "json": "0.7.4",
        "cloudtrail": "0.17.1",
        "okta": "0.12.0",
        "github": "0.10.1",
        "gcpaudit": "0.8.1",
    },
}


def plugins_for(named: Iterable[str]) -> PluginSet:
    """The plugins that a Falco for rules of these sources has beside it."""
    return CONTAINER if all(source == SYSCALL for source in named) else ALL


@cache
def sources(plugins: str = CONTAINER) -> tuple[str, ...]:
    """The event sources that rules can have; a rule of another source is skipped by Falco."""
    if plugins != ALL:
        return (SYSCALL,)
    return tuple(sorted({source for _, names, _ in CLASSES for source in names}))


@cache
def classes_of(source: str, plugins: str = CONTAINER) -> tuple[str, ...]:
    """The field classes that rules of `source` can use, in the order in which Falco asks them."""
    return tuple(
        name
        for name, names, _ in CLASSES
        if (name in _BUILT_IN or plugins == ALL) and (source in names or name == "generic")
    )
