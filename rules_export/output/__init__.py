"""Output templates: parse, check, render."""
