"""Complaints about rules, one function each."""
