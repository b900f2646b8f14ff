"""Behaviours that teams write themselves: files, checks, review, pages. The tables are in behaviours.models."""
