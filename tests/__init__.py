"""The tests, laid out like the two packages that they test."""
