"""The studio's lints: explained, and switched off for a team with a reason."""
