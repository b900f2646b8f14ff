"""Drafts of rules and the wizard that makes them."""
