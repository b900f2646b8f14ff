"""Which release of Falco knows which field, operator, event, key or plugin, and which engine each release has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rules_export.catalog.data import versions_table as table

#: The kinds of names that `since` and `available` know.
KINDS = tuple(table.SINCE)


@dataclass(frozen=True, slots=True)
class Release:
    """A minor version of Falco: `falco` as 0.44, `engine` as 0.62.0.

    `container_plugin` is the version of the container plugin that its first patch release ships, "" before there was
    one; `date` the day of its last patch release.
    """

    falco: str
    engine: str
    container_plugin: str
    date: str


@dataclass(frozen=True, slots=True)
class Availability:
    """The releases that know a name: from `since` up to and without `removed` (None: still there).

    `floor`: the name was already in the oldest release we know of, so its true origin may lie further back.
    """

    since: Release
    removed: Release | None = None
    floor: bool = False

    def covers(self, release: Release) -> bool:
        """Whether that release knows the name."""
        place = RELEASES.index(release)
        return RELEASES.index(self.since) <= place and (self.removed is None or place < RELEASES.index(self.removed))


#: Oldest first.
RELEASES: tuple[Release, ...] = tuple(Release(*row) for row in table.RELEASES)
NEWEST = RELEASES[-1]
OLDEST = RELEASES[0]

#: From here on container.* and k8s.* come from a plugin, which older releases do not have.
CONTAINER_PLUGIN_SINCE = next(release for release in RELEASES if release.container_plugin)
#: From here on rules see each system call once, when it returns; before, its entry was an event of its own.
EXIT_EVENTS_ONLY_SINCE = "0.42"
#: From here on required_engine_version may be written as x.y.z; before, as a number only.
SEMVER_SINCE = "0.37"


def release(name: str) -> Release:
    """The release of a Falco version (0.44, 0.44.1) or of an engine version (0.62.0). KeyError where there is none.

    Engine versions between two releases existed in development only; they count as the next release.
    """
    parts = numbers(name)
    for one in RELEASES:
        if numbers(one.falco) == parts[:2] or numbers(one.engine) == parts:
            return one
    raise KeyError(f"No release {name}. Known: {', '.join(one.falco for one in RELEASES)}.")


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, for comparing. ValueError where it is none."""
    return tuple(int(part) for part in version.split("."))


def since(kind: str, name: str) -> Availability | None:
    """Which releases know `name`; None if none does. `kind` is one of KINDS (KeyError otherwise).

    Fields go by their names without the part in brackets; event arguments by the part after `evt.arg.`; keys of items
    as `rule.capture`; overrides as `rule.append.condition`; `exit_arg` as `openat.dev` (an argument that the event
    carries when the system call returns).
    """
    return _index(kind).get(name)


def available(kind: str, name: str, falco: str) -> bool:
    """Whether that release (0.41, 0.41.3) knows `name`. KeyError for a kind or release that nobody knows."""
    found = since(kind, name)
    return found is not None and found.covers(release(falco))


def ignored_by_default(falco: str = NEWEST.falco) -> frozenset[str]:
    """System calls that this release does not watch unless base_syscalls.all is true (before 0.41: falco -A)."""
    return frozenset(table.IGNORED_BY_DEFAULT[release(falco).falco].split())


def deprecated_since(field: str) -> Release | None:
    """The release that began to advise against this field, or None."""
    return _deprecated().get(field)


def plugin_of_field(field: str) -> tuple[str, str] | None:
    """The plugin that provides this field and its first version that does, or None for a built-in field."""
    return _plugin_fields().get(field)


def plugin_of_source(source: str) -> str | None:
    """The plugin behind an event source; None for syscall and for sources that we do not know."""
    return table.PLUGIN_OF_SOURCE.get(source)


@cache
def _index(kind: str) -> dict[str, Availability]:
    gone = {name: release(falco) for falco, names in table.REMOVED.get(kind, {}).items() for name in names.split()}
    return {
        name: Availability(release(falco), gone.get(name), floor=falco == OLDEST.falco)
        for falco, names in table.SINCE[kind].items()
        for name in names.split()
    }


@cache
def _deprecated() -> dict[str, Release]:
    return {name: release(falco) for falco, names in table.DEPRECATED_FIELDS.items() for name in names.split()}


@cache
def _plugin_fields() -> dict[str, tuple[str, str]]:
    return {
        name: (plugin, version)
        for plugin, versions in table.PLUGIN_FIELDS.items()
        for version, names in versions.items()
        for name in names.split()
    }
