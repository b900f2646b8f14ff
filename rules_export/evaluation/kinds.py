"""On which types of event Falco runs a condition at all.

It works that out when it loads the rule, and is wrong about a few shapes: such a rule stays silent on events that its
condition would match (`evt.type != gettimeofday` on every system call without an event of its own).
"""

from __future__ import annotations

from rules_export.catalog.events import UNIVERSE, codes_of
from rules_export.catalog.fields import CatalogError
from rules_export.catalog.sources import SYSCALL
from rules_export.checks.event_types import EventTypesError, event_codes
from rules_export.language.ast import Node


class Kinds:
    """The types of event that one condition is run on; all of them for other sources than system calls.

    Raises CatalogError where Falco itself gives up on the question.
    """

    __slots__ = ("_codes",)

    def __init__(self, node: Node, source: str) -> None:
        try:
            self._codes = event_codes(node) if source == SYSCALL else UNIVERSE
        except EventTypesError as error:
            raise CatalogError(str(error), fatal=True) from None

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return self._codes == UNIVERSE

    def allow(self, kind: object) -> bool:
        """Whether Falco runs the condition on events of this `evt.type`; yes where the type is not known."""
        if self._codes == UNIVERSE or not isinstance(kind, str):
            return True
        codes = codes_of(kind)
        return not codes or bool(codes & self._codes)
