"""The macros and lists that rules may use: which they need, which they bring along."""
