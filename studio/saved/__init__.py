"""Saved views: what a person asked a list for, kept under a name, alone or for the whole team."""
