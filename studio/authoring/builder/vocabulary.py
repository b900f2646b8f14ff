"""What fits where: the type behind a field and its transformers, the operators for it, the fields there are."""

from __future__ import annotations

from functools import lru_cache

from rules_export.catalog.fields import CatalogError, FieldInfo, all_fields
from rules_export.catalog.operators import operators_for
from rules_export.errors import ConditionSyntaxError
from rules_export.falco_checks.operands import Checked, check_operand
from rules_export.language.ast import Exists
from rules_export.language.operators import OPERATORS
from rules_export.language.parser import parse
from rules_export.lints.families.events import FAMILIES

#: What people call the types of fields.
TYPES: dict[str, str] = {
    "CHARBUF": "text", "FSPATH": "path", "FSRELPATH": "path", "BYTEBUF": "bytes", "BOOL": "yes or no", "PORT": "port",
    "IPADDR": "address", "IPV4ADDR": "address", "IPV6ADDR": "address", "IPNET": "network", "RELTIME": "duration (ns)",
    "ABSTIME": "time (ns)", "DOUBLE": "number",
}  # fmt: skip
#: The operators that rules use most stand first in the menu.
_FIRST = ("=", "!=", "in", "contains", "startswith", "endswith", "pmatch")


def families() -> tuple[tuple[str, ...], ...]:
    """System calls that are offered together."""
    return FAMILIES


def kind_of(left: Checked) -> str:
    """What people call a type; integers of all widths are numbers."""
    word = TYPES.get(left.type, "number")
    return f"list of {word}s" if left.is_list else word


@lru_cache(maxsize=2048)
def checked(left: str) -> Checked | None:
    """What a field, with its argument and transformers, gives; None for one that Falco does not know."""
    try:
        tree = parse(f"{left} exists")
        return check_operand(tree.left, "syscall", "container") if isinstance(tree, Exists) else None
    except (ConditionSyntaxError, CatalogError):
        return None


def fitting(left: Checked | None) -> tuple[str, ...]:
    """The operators that fit; all of them for what is not known. `==` is `=` and not offered."""
    found = operators_for(left.type, left.is_list) if left else OPERATORS
    first = [op for op in _FIRST if op in found]
    return (*first, *(op for op in found if op not in _FIRST and op != "=="))


@lru_cache(maxsize=4)
def fields(source: str = "syscall") -> tuple[FieldInfo, ...]:
    """The fields that a condition of this source may use, by name; those that Falco only prints are left out."""
    return tuple(sorted((one for one in all_fields(source) if one.filterable), key=lambda one: one.name))
