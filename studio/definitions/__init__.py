"""Macros and lists that a team owns: used by its rules, frozen with every rule that is handed in."""
