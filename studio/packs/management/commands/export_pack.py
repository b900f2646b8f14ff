"""manage.py export_pack NAME --output DIR: the files of a release, for jobs that deploy them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.packs import recovery, store
from studio.packs.models import Pack, Release
from studio.packs.newest import latest
from studio.stored import FileGoneError

#: Format → the beginnings or endings of its files' paths; `all` is every file but the archives.
FORMATS = {
    "rules": ("falco_rules.local.yaml",),
    "zip": (".zip",),
    "tar.gz": (".tar.gz",),
    "oci": ("oci/",),
    "kubernetes": ("kubernetes/",),
    "helm": ("helm/",),
    "tests": ("tests/",),
    "catalogue": ("CATALOGUE.md", "catalogue.html"),
    "csv": ("rules.csv",),
    "navigator": ("navigator-layer.json",),
    "sarif": ("findings.sarif",),
    "manifest": ("manifest.json",),
    "sums": ("SHA256SUMS",),
    "all": ("",),
}


class Command(BaseCommand):
    help = "Write files of a pack's release into a directory: the latest one, candidates left out, or --version."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version steps aside for the release's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the pack's name for machines")
        parser.add_argument("--team", help="the team's short name, where two teams have a pack of this name")
        parser.add_argument("--version", dest="wanted", help="this version; a yanked one only when it is named here")
        parser.add_argument("--candidate", action="store_true", help="the latest one, pre-releases too")
        parser.add_argument(
            "--format", nargs="+", action="extend", choices=sorted(FORMATS), metavar="F",
            help=f"one or more of {', '.join(FORMATS)}; rules without it",
        )  # fmt: skip
        parser.add_argument("--output", type=Path, required=True, help="a directory, made where it is missing")

    def handle(self, *args: Any, name: str, output: Path, **options: Any) -> None:
        release = _release(find_pack(name, options["team"]), options["wanted"], options["candidate"])
        parts = [part for one in options["format"] or ["rules"] for part in FORMATS[one]]
        paths = [path for path in release.files if any(_fits(path, part, release) for part in parts)]
        if not paths:
            raise CommandError(f"{release} has no such file. manifest.json says under `omitted` why.")
        for path in paths:
            try:
                store.write(output / path, recovery.release_file(release, path), mode=0o644)
            except OSError as error:
                raise CommandError(f"{output / path} cannot be written: {error.strerror}.") from error
            except FileGoneError as error:
                raise CommandError(f"{path} is left out: {error}") from error
            self.stdout.write(path)
        if release.yanked_at:
            self.stderr.write(f"{release} is yanked: {release.yank_reason}")


def _fits(path: str, part: str, release: Release) -> bool:
    if not part:
        return path not in release.bundles
    return path.startswith(part) or (part.startswith(".") and path in release.bundles and path.endswith(part))


def find_pack(name: str, team: str | None) -> Pack:
    """The pack of that name. Raises CommandError where there is none, or more than one."""
    found = Pack.objects.filter(name=name, **({"team__slug": team} if team else {}))
    if not found:
        raise CommandError(f"There is no pack {name}.")
    if len(found) > 1:
        raise CommandError(f"Several teams have a pack {name}: say which with --team.")
    return found[0]


def _release(pack: Pack, version: str | None, candidate: bool) -> Release:
    if version:
        found = pack.releases.filter(version=version, state=Release.State.DONE).select_related("pack").first()
    else:
        found = latest(pack, "candidate" if candidate else "stable")
    if found is None:
        raise CommandError(f"{pack.name} has no {version or 'release that is ready'}.")
    return found
