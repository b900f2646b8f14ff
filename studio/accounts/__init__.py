"""People, teams, roles, sign-in, invitations and the first-run set-up."""
