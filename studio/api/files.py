"""Answers that are files."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

#: How the description names them.
FILE: dict[str, Any] = {"responses": {200: {"description": "The file", "content": {"*/*": {}}}}}


def file(data: bytes | str, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Something to keep under a name."""
    response = HttpResponse(data, kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
