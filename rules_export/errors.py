"""The few exceptions of the engine, raised only where work cannot go on."""

from __future__ import annotations

from rules_export.findings import Finding
from rules_export.spans import Position


class EngineError(Exception):
    """Root of all exceptions that the engine raises on purpose."""


class ConditionSyntaxError(EngineError):
    """A condition that Falco's parser refuses: `message` is its own text, `position` its cursor (counted from 1)."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class ConditionError(EngineError):
    """A condition that parses and that Falco refuses to compile.

    `position` is where the failing node starts, `node` the failing check itself. `fatal`: Falco gives no verdict at all
    here (it stops with a runtime error; the message is its reason). `warnings`: the Findings that it gives before.
    """

    def __init__(
        self,
        message: str,
        position: Position,
        *,
        fatal: bool = False,
        warnings: tuple[Finding, ...] = (),
        node: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.fatal = fatal
        self.warnings = warnings
        self.node = node


class OutputError(EngineError):
    """An output template that Falco refuses; `message` is Falco's own text, `offset` the byte offset of the token."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class FatalLoadError(EngineError):
    """Rules files for which Falco prints no verdict: it stops with this text instead."""


class UnmetRequirementError(FatalLoadError):
    """Rules files that require a plugin in a newer version than is loaded; their items are collected all the same."""


class EmitError(EngineError):
    """Items that cannot be written as a rules file that Falco loads; `findings` say why, where there are any."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = findings
