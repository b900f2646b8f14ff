"""The lints of the studio: the registry, what they look at, their fixes; `families` holds the lints."""
