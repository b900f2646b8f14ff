"""Tags of the lints."""
