"""manage.py release_pack NAME: release a pack as it is now. Exit code 1 where it cannot be released."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.models import User
from studio.accounts.permissions import RoleNeeded
from studio.packs import approving, release_services
from studio.packs.management.commands.export_pack import find_pack
from studio.packs.models import Release
from studio.packs.previewing import propose
from studio.packs.proposing import Proposal
from studio.packs.tasks import make_release


class Command(BaseCommand):
    help = "Release a pack as it is now, under the version that the changes ask for, or --version."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version steps aside for the release's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the pack's name for machines")
        parser.add_argument("--team", help="the team's short name, where two teams have a pack of this name")
        parser.add_argument("--by", required=True, help="e-mail address of the maintainer who releases")
        parser.add_argument("--version", dest="wanted", help="this version instead of the proposed one")
        parser.add_argument("--changelog", help="words instead of the proposed ones")
        parser.add_argument("--exception", default="", help="why rules that nobody approved go out")
        parser.add_argument("--version-reason", default="", help="why the version is below the proposed one")
        parser.add_argument("--dry-run", action="store_true", help="say what would be released, and stop")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        pack = find_pack(name, options["team"])
        person = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['by']}.")
        proposal = propose(pack)
        version = options["wanted"] or proposal.version
        _tell(self, proposal, version)
        if options["dry_run"]:
            if refusal := approving.refusal(pack.team, person, proposal.unapproved):
                raise CommandError(refusal)
            if proposal.blockers or (proposal.unapproved and not options["exception"]):
                raise CommandError("It cannot be released like this.")
            return
        words = proposal.changelog if options["changelog"] is None else options["changelog"]
        try:
            release = release_services.start(
                pack, person, pack.version, version, words, options["exception"], send=False,
                version_reason=options["version_reason"],
            )  # fmt: skip
        except (release_services.CannotReleaseError, RoleNeeded) as error:
            raise CommandError(str(error)) from error
        make_release(release.pk)
        release.refresh_from_db()
        if release.state != Release.State.DONE:
            said = "; ".join(f"{one['rule']}: {one['message']}" for one in release.findings) or release.trouble
            raise CommandError(f"{release} was not released: {said or release.state}")
        rules = len(release.members)
        self.stdout.write(f"{release}: {rules} rule{'s' if rules != 1 else ''}, {len(release.files)} files")


def _tell(command: Command, proposal: Proposal, version: str) -> None:
    """The proposal, on standard error, so that standard output holds the outcome alone."""
    if proposal.previous and not proposal.reasons:
        command.stderr.write(f"Version {version}; nothing changed in meaning since {proposal.previous.version}.")
    else:
        command.stderr.write(f"Version {version}; the changes ask for {proposal.version}.")
    for level, reasons in proposal.grouped:
        for one in reasons:
            command.stderr.write(f"  {level}: {one.item}: {one.says}" if one.item else f"  {level}: {one.says}")
    for conflict in proposal.conflicts:
        command.stderr.write(f"  {conflict.severity}: {conflict.rule}: {conflict.message}")
    for member in proposal.unapproved:
        command.stderr.write(f"  not approved: {member.name}")
