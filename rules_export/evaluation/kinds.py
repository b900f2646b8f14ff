"""On which types of event Falco runs a condition at all.

It works that out when it loads the rule, and is wrong about a few shapes: such a rule stays silent on events that its
condition would match (`evt.type != gettimeofday` on every system call without an event of its own).
"""

from __future__ import annotations

from rules_export.catalog.events import UNIVERSE, codes_of


class Kinds:
    """The types of event that one condition is run on, from the mask of codes that Falco's own check works out."""

    __slots__ = ("_codes",)

    def __init__(self, codes: int) -> None:
        self._codes = codes

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
