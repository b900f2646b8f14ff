"""The visual condition builder: a condition's tree as rows, and what a click on one of them makes of it."""
