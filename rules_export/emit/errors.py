"""What goes wrong when rules are written."""

from __future__ import annotations

from rules_export.errors import EngineError
from rules_export.findings import Finding


class EmitError(EngineError):
    """Items that cannot be written as a rules file that Falco loads; `findings` say why, where there are any."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = findings
