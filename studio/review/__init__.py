"""Revisions handed in for review: immutable, known by the hash of their content."""
