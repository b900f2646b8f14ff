"""The journal: who did what, when. Entries are only ever added, and each carries the hash of the one before."""
