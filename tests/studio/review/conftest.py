"""The author's desk, as in the authoring stories."""

from tests.studio.authoring.conftest import catalogue, desk, draft

__all__ = ["catalogue", "desk", "draft"]
