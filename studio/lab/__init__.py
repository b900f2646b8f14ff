"""Sample events, what is expected of them, and whether a rule does it."""
