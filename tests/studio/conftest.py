"""Fixtures for stories about the web application."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Tries that were counted in one story (rate limits live in the cache) do not count in the next."""
    cache.clear()
