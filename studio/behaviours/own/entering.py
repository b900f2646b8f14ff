"""What was entered on the page that edits a behaviour: as a form or as YAML, with the record where it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from studio.behaviours.own import looking, reading, writing
from studio.behaviours.own.looking import Look, Said
from studio.behaviours.own.rows import CannotShowError
from studio.behaviours.own.sheet import Sheet

FORM, YAML = "form", "yaml"


@dataclass(frozen=True, slots=True)
class Entered:
    """The view, what it shows, the record (None where it can't be read) and what there is to see of it.

    `note`: why the other view is shown than the one that was asked for.
    """

    view: str
    look: Look
    record: dict[str, Any] | None = None
    sheet: Sheet | None = None
    text: str = ""
    note: str = ""


def of_record(record: Mapping[str, Any], view: str = FORM, note: str = "") -> Entered:
    """A record that is kept, shown in a view; in YAML where the form has no room for it."""
    kept = dict(record)
    if view == FORM:
        try:
            sheet = Sheet.of_record(kept)
        except (CannotShowError, AttributeError, TypeError) as error:
            return of_record(record, YAML, f"The form can't show it: {error}.")
        return Entered(FORM, looking.look(kept, looking.in_form), kept, sheet)
    return of_text(writing.to_yaml(kept), note)


def of_text(text: str, note: str = "") -> Entered:
    """A text, as it was typed."""
    try:
        found = reading.read(text)
        if len(found) != 1:
            raise reading.UnreadableError(f"There are {len(found)} behaviours here; import them as a file instead.")
    except reading.UnreadableError as error:
        where = f"line {error.line}" if error.line else "the text"
        return Entered(YAML, Look((Said(str(error), where),)), text=text, note=note)
    one = found[0]
    return Entered(YAML, looking.look(one.record, looking.in_lines(one.line)), one.record, text=text, note=note)


def blank(technique: str = "") -> Entered:
    """Nothing yet."""
    return Entered(FORM, Look(()), sheet=Sheet.blank(technique))


def posted(data: QueryDict) -> Entered:
    """What a post brings."""
    if data.get("view") == YAML:
        return of_text(data.get("text", "").replace("\r\n", "\n"))
    sheet = Sheet.posted(data)
    if not sheet.is_valid():
        return Entered(FORM, looking.only(sheet.complaints(), looking.in_form), sheet=sheet)
    try:
        record: dict[str, Any] = reading.plain(sheet.record())
    except reading.UnreadableError as error:
        return Entered(FORM, Look((Said(str(error), "the form"),)), sheet=sheet)
    return Entered(FORM, looking.look(record, looking.in_form), record, sheet)


def turned(entered: Entered, view: str) -> Entered:
    """The same in the other view; as it is where it can't be read yet."""
    if entered.view == view:
        return entered
    if entered.record is None:
        return Entered(
            entered.view, entered.look, None, entered.sheet, entered.text, "Settle what can't be read first."
        )
    return of_record(entered.record, view)
