"""Values as text, and the document as JSON."""

from collections.abc import Callable, Mapping

from report.changes import at
from report.document.model import Document, Form, Part, Section, Value
from report.resources import as_number, as_sequence
from report.wording import money, signed

VERSION = 1
"""The version of the JSON. It changes if a key is renamed or removed."""


def as_values(document: Document) -> dict[str, object]:
    """The document as JSON values: the data of each section under its key."""
    return {
        "version": VERSION,
        "stack": document.stack,
        "origin": document.origin,
        "currency": document.currency,
        **{section.key: section.data for section in document.sections},
    }


def path_of(section: Section, value: Value) -> str:
    """Where a value of a section is in the document's JSON."""
    return section.key + value.path if value.path.startswith("[") else f"{section.key}.{value.path}"


def said(section: Section, part: Part, currency: str) -> str:
    """A part as text. A value that is not there is a fault of the program and raises KeyError."""
    if isinstance(part, str):
        return part
    found = at(section.data, part.path)
    if found is None:
        raise KeyError(path_of(section, part))
    return formatted(found, part.form, currency)


def formatted(found: object, form: Form, currency: str) -> str:
    """A value in one of the forms."""
    if form == "text":
        words = as_sequence(found)
        return ", ".join(map(str, words)) if words else str(found)
    number = as_number(found)
    if number is None:
        raise ValueError(f"{found!r} is not a number, so it has no form {form}")
    return _FORMS[form](number, currency)


_FORMS: Mapping[Form, Callable[[float, str], str]] = {
    "count": lambda number, _: f"{number:,.0f}" if number == int(number) else f"{number:,.1f}",
    "money": money,
    "money change": signed,
    "percent": lambda number, _: f"{100 * number:,.0f} %",
    "gpu-hours": lambda number, _: f"{number:,.0f} GPU-hours",
}
