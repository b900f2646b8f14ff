"""Values that people give to a clause's parameters: read, checked, never trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.behaviours.records import Kind, Parameter, Setting

MOST_VALUES = 100
LONGEST_VALUE = 255  # bytes; Falco refuses a longer literal


class ParameterError(ValueError):
    """A value that a clause cannot take. `parameter`: its name; the message says what to do."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def read_all(parameters: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, Setting]:
    """Every parameter's value: the given one checked, or the default. Raises ParameterError, also for unknown names."""
    known = {parameter.name for parameter in parameters}
    for name in given:
        if name not in known:
            raise ParameterError(name, f"This behaviour has no parameter called {name}.")
    return {p.name: read(p, given[p.name]) if p.name in given else p.default for p in parameters}


def read(parameter: Parameter, value: object) -> Setting:
    """One value, checked against the parameter's kind. Raises ParameterError."""
    if parameter.kind is Kind.NUMBER:
        return _number(parameter, value, 2**31 - 1)
    if parameter.kind is Kind.TEXT:
        return _text(parameter, value)
    items = _items(parameter, value)
    if parameter.kind is Kind.PORTS:
        return tuple(_number(parameter, item, 65535) for item in items)
    return tuple(_checked(parameter, _text(parameter, item)) for item in items)


def _items(parameter: Parameter, value: object) -> list[object]:
    if isinstance(value, str):
        if parameter.kind is not Kind.TEXTS:
            value = "\n".join(part.strip() for part in value.replace(",", "\n").splitlines())
        items: list[object] = [line for line in value.splitlines() if line.strip()]
    elif isinstance(value, Sequence):
        items = list(value)
    else:
        items = [value]
    if not items:
        raise ParameterError(parameter.name, f"{parameter.label}: give at least one value.")
    if len(items) > MOST_VALUES:
        raise ParameterError(parameter.name, f"{parameter.label}: {len(items)} values; at most {MOST_VALUES} fit.")
    return list(dict.fromkeys(items))


def _number(parameter: Parameter, value: object, most: int) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise ParameterError(parameter.name, f"{parameter.label}: “{str(value)[:40]}” is not a whole number.") from None
    if not 0 <= number <= most:
        raise ParameterError(parameter.name, f"{parameter.label}: {number} is outside 0 to {most}.")
    return number


def _text(parameter: Parameter, value: object) -> str:
    """One text. Of several texts each keeps its blanks at both ends: `nc ` must not match in `sync`."""
    text = str(value) if parameter.kind is Kind.TEXTS else str(value).strip()
    if not text.strip():
        raise ParameterError(parameter.name, f"{parameter.label}: give a value.")
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST_VALUE:
        raise ParameterError(parameter.name, f"{parameter.label}: Falco takes values of at most {LONGEST_VALUE} bytes.")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ParameterError(parameter.name, f"{parameter.label}: control characters are not allowed.")
    return text


def _checked(parameter: Parameter, text: str) -> str:
    if parameter.kind is Kind.PATHS and not text.startswith("/"):
        raise ParameterError(parameter.name, f"{parameter.label}: “{text[:40]}” is not a full path; begin with /.")
    if parameter.kind is Kind.NAMES and (" " in text or "/" in text):
        raise ParameterError(
            parameter.name, f"{parameter.label}: “{text[:40]}” is not a name; leave out blanks and slashes."
        )
    return text
