"""The parts of a behaviour that repeat, each as a small form: parameters, variants, look-alikes, events.

A form reads its part of a record (`initial_of`) and gives it back (`spec`); what it can't hold is for the YAML view.
"""

from __future__ import annotations

import re
import shlex
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import yaml
from django import forms

from studio.behaviours.conditions import LIST_OPERATORS
from studio.behaviours.event_calls import BUILDERS
from studio.behaviours.own import reading
from studio.behaviours.records import Kind

_MONO = {"class": "font-monospace", "spellcheck": "false", "autocomplete": "off"}

EVENT_KINDS = (
    ("run", "Runs a program: its command line"),
    ("argv", "Runs a program: words, quoted as in a shell"),
    ("read", "Opens a file to read: its path"),
    ("write", "Makes or overwrites a file: its path"),
    ("append", "Appends to a file: its path"),
    ("edit", "Opens a file to change: its path"),
    ("remove", "Removes: the path"),
    ("rename", "Renames: /old -> /new"),
    ("chmod", "Changes permissions: the path"),
    ("chown", "Changes the owner: the path"),
    ("symlink", "Makes a symbolic link: its path"),
    ("mkdir", "Makes a directory: its path"),
    ("connect", "Connects: address:port, or a socket's path"),
    ("send", "Sends a datagram: address:port"),
    ("accept", "Accepts a connection from: address:port"),
    ("listen", "Listens: the port"),
    ("call", "Another system call: its name"),
)
_PLAIN = ("by", "user", "parent", "in")


class CannotShowError(ValueError):
    """A record that the forms can't hold; the YAML view can."""


def text(
    label: str,
    help_text: str = "",
    *,
    required: bool = False,
    longest: int = 500,
    mono: bool = True,
    strip: bool = True,
) -> Any:
    """A line of text."""
    widget = forms.TextInput(attrs=_MONO if mono else {"autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=longest, strip=strip, widget=widget
    )


def area(label: str, help_text: str = "", *, required: bool = False, rows: int = 2, mono: bool = True) -> Any:
    """Several lines of text."""
    attrs = {**(_MONO if mono else {}), "rows": rows}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs=attrs),
    )


class Row(forms.Form):
    """One part. `spec` may be asked once it is valid. `folded`: fields that are seldom needed."""

    folded: tuple[str, ...] = ()

    @classmethod
    @abstractmethod
    def initial_of(cls, spec: Any) -> dict[str, str]:
        """The part of a record as the fields' values. Raises CannotShowError."""

    @abstractmethod
    def spec(self) -> dict[str, Any]:
        """The part of a record."""

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that stand open."""
        return [field for field in self if field.name not in self.folded]

    @property
    def further(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [self[name] for name in self.folded]

    @property
    def unfolded(self) -> bool:
        """Whether one of those says something, or is wrong."""
        return any(field.value() or field.errors for field in self.further)

    def value(self, name: str) -> str:
        """What was entered, with one kind of line end."""
        return str(self.cleaned_data.get(name) or "").replace("\r\n", "\n")


class ParameterRow(Row):
    """Something that may be adjusted."""

    name = text("Name", "The clause mentions it as $name.", required=True, longest=60)
    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, kind.value) for kind in Kind])
    label = text("Label", longest=80, mono=False)
    default = area("Default", "One on each line, where the kind is a list.", required=True)
    help = text("Help", longest=200, mono=False)

    @classmethod
    def initial_of(cls, spec: Any) -> dict[str, str]:
        _only(spec, ("name", "kind", "label", "default", "help"))
        default = spec.get("default", "")
        lines = "\n".join(map(str, default)) if isinstance(default, list) else str(default)
        return {**{key: str(spec[key]) for key in ("name", "kind", "label", "help") if key in spec}, "default": lines}

    def spec(self) -> dict[str, Any]:
        kind = Kind(self.cleaned_data["kind"])
        lines: list[Any] = [line for line in self.value("default").split("\n") if line.strip()]
        if kind is not Kind.TEXTS:
            lines = [line.strip() for line in lines]
        if kind in (Kind.PORTS, Kind.NUMBER):
            lines = [int(line) if re.fullmatch(r"\d{1,10}", line) else line for line in lines]
        made = {"name": self.value("name"), "kind": kind.value, "default": lines if kind.is_list else lines[0]}
        return made | {key: self.value(key) for key in ("label", "help") if self.value(key)}

    def clean_default(self) -> str:
        """At least one value."""
        if not str(self.cleaned_data["default"]).strip():
            raise forms.ValidationError("Give a value.")
        return str(self.cleaned_data["default"])


class VariantRow(Row):
    """Another clause."""

    kind = forms.ChoiceField(label="Kind", choices=[("narrower", "narrower"), ("wider", "wider")])
    id = text("Id", required=True, longest=60)
    title = text("Title", required=True, longest=120, mono=False)
    clause = area("Clause", required=True)

    @classmethod
    def initial_of(cls, spec: Any) -> dict[str, str]:
        _only(spec, ("id", "kind", "title", "clause"))
        return {key: str(value) for key, value in spec.items()}

    def spec(self) -> dict[str, Any]:
        return {key: self.value(key).strip() for key in ("id", "kind", "title", "clause")}


class EventRow(Row):
    """One event in the library's spelling."""

    folded = ("user", "parent", "within", "more")

    name = text("Name", required=True, longest=120, mono=False)
    kind = forms.ChoiceField(label="What happens", choices=EVENT_KINDS)
    target = text("Of what", required=True, longest=4000, strip=False)
    by = text("By", "The command line of the process; not for a start of a program.", longest=2000)
    user = text("User", "Attacks run as deploy, benign events as root, unless you say.", longest=60)
    parent = text("Parent", "A command line; bash unless you say.", longest=500)
    within = text("Container's image", "On the host unless you say.", longest=200)
    more = area("More", "Further keys as YAML, such as: cwd: /tmp")

    @classmethod
    def initial_of(cls, spec: Any) -> dict[str, str]:
        kinds = [key for key in spec if key in BUILDERS] if isinstance(spec, dict) else []
        if len(kinds) != 1:
            raise CannotShowError("an event says exactly one thing")
        rest = {key: value for key, value in spec.items() if key not in (kinds[0], "name", *_PLAIN)}
        plain = {_field(key): str(spec[key]) for key in _PLAIN if isinstance(spec.get(key), str)}
        rest |= {key: spec[key] for key in _PLAIN if key in spec and not isinstance(spec[key], str)}
        return {
            "name": str(spec.get("name", "")),
            "kind": kinds[0],
            "target": _shown(kinds[0], spec[kinds[0]]),
            **plain,
            "more": yaml.safe_dump(rest, sort_keys=False, allow_unicode=True) if rest else "",
        }

    def clean_more(self) -> dict[str, Any]:
        """A mapping of further keys."""
        if not (entered := self.value("more").strip()):
            return {}
        try:
            (found,) = reading.read(entered)
        except ValueError as error:
            raise forms.ValidationError(f"Write keys and values as YAML, such as cwd: /tmp. {error}") from error
        return found.record

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            _read(data.get("kind", ""), data.get("target", ""))
        except ValueError as error:
            self.add_error("target", str(error))
        return data

    def spec(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        made = {"name": self.value("name")} if "name" in self.fields else {}
        made[kind] = _read(kind, self.cleaned_data["target"])
        made |= {key: self.value(_field(key)) for key in _PLAIN if self.value(_field(key))}
        further: dict[str, Any] = self.cleaned_data["more"]
        return made | further


class LookAlikeRow(EventRow):
    """Legitimate work, with the exception that silences it and its event; both may be left out."""

    who = text("Who does it", required=True, longest=200, mono=False)
    exception = text("Exception's name", longest=80)
    columns = text("Its fields", "Such as: proc.pname, user.name", longest=300)
    comps = text("Its comparisons", "One for each field, such as: in, =", longest=120)
    values = area("Its rows", "One on each line, cells parted by | and values of a list by commas.")
    kind = forms.ChoiceField(label="Its event", choices=[("", "No event"), *EVENT_KINDS], required=False)
    target = text("Of what", longest=4000, strip=False)
    field_order = ("who", "exception", "columns", "comps", "values", "kind", "target")

    name = None

    @classmethod
    def initial_of(cls, spec: Any) -> dict[str, str]:
        _only(spec, ("who", "exception", "event"))
        event = super().initial_of(spec["event"]) if "event" in spec else {}
        event.pop("name", None)
        return {"who": str(spec.get("who", "")), **event, **_exception_fields(spec.get("exception"))}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() if self.cleaned_data.get("kind") else self.cleaned_data
        fields, comps = _items(self.value("columns")), _items(self.value("comps"))
        if self.value("exception") and not fields:
            self.add_error("columns", "Name at least one field.")
        if comps and len(comps) != len(fields):
            self.add_error("comps", "Give one comparison for each field, or none.")
        return data

    def spec(self) -> dict[str, Any]:
        made: dict[str, Any] = {"who": self.value("who")}
        if self.value("exception"):
            fields = _items(self.value("columns"))
            comps = _items(self.value("comps")) or ["="] * len(fields)
            rows = [line for line in self.value("values").split("\n") if line.strip()]
            made["exception"] = {
                "name": self.value("exception"),
                "fields": fields,
                "comps": comps,
                "values": [_cells(line, comps) for line in rows],
            }
        if self.cleaned_data["kind"]:
            made["event"] = super().spec()
        return made


def _field(key: str) -> str:
    """The form's name of an event's key: `in` is no name for a field."""
    return "within" if key == "in" else key


def _shown(kind: str, value: Any) -> str:
    if kind == "argv" and isinstance(value, list):
        return shlex.join(map(str, value))
    if kind == "rename" and isinstance(value, list):
        return " -> ".join(map(str, value))
    if isinstance(value, list | dict):
        raise CannotShowError(f"{kind} holds more than a line")
    return str(value)


def _read(kind: str, entered: str) -> Any:
    if kind == "argv":
        try:
            return shlex.split(entered)
        except ValueError:
            raise ValueError("A quote is not closed.") from None
    if kind == "rename":
        paths = entered.split(" -> ")
        if len(paths) != 2:
            raise ValueError("Write the old path, an arrow and the new path: /old -> /new")
        return [path.strip() for path in paths]
    if kind == "listen":
        if not re.fullmatch(r"\d{1,5}", entered.strip()):
            raise ValueError("Give a port, such as 4444.")
        return int(entered)
    return entered


def _exception_fields(spec: Any) -> dict[str, str]:
    if spec is None:
        return {}
    _only(spec, ("name", "fields", "comps", "values"))
    comps = spec.get("comps", ["="] * len(spec.get("fields", ())))
    rows = [[_cell(cell) for cell in row] for row in spec.get("values", ())]
    return {
        "exception": str(spec.get("name", "")),
        "columns": ", ".join(map(str, spec.get("fields", ()))),
        "comps": ", ".join(map(str, comps)),
        "values": "\n".join(" | ".join(row) for row in rows),
    }


def _cell(cell: Any) -> str:
    """A cell as it is typed; a value with blanks at its ends stands in quotes."""
    items = [str(item) for item in cell] if isinstance(cell, list) else [str(cell)]
    if any(mark in item for item in items for mark in ("|", "\n", '"', *("," if isinstance(cell, list) else ()))):
        raise CannotShowError("a value of an exception holds a mark that parts values here")
    return ", ".join(item if item == item.strip() else f'"{item}"' for item in items)


def _cells(line: str, comps: list[str]) -> list[Any]:
    cells = [_unquoted(cell.strip()) for cell in line.split("|")]
    takes_list = [comp in LIST_OPERATORS or " " in comp for comp in comps]
    return [_items(cell) if number < len(comps) and takes_list[number] else cell for number, cell in enumerate(cells)]


def _items(entered: str) -> list[str]:
    return [_unquoted(item.strip()) for item in entered.replace("\n", ",").split(",") if item.strip()]


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 2 and value[0] == value[-1] == '"' else value


def _only(spec: Any, known: tuple[str, ...]) -> None:
    if not isinstance(spec, Mapping):
        raise CannotShowError("a part has another shape than the form")
    if unknown := [str(key) for key in spec if key not in known]:
        raise CannotShowError(f"the form has no place for {', '.join(unknown)}")
