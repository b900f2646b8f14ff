"""The team's approved rules: found again, read, and begun anew."""
