"""Falco's verdict on rules files: the whole load, as `falco -V` does it, and the report that it makes."""
