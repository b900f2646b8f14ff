"""What can be said of a draft as it stands: its YAML, the findings, and what it does with the sample events.

The engine's part depends on the content alone and is remembered by it, so that looking again costs nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
