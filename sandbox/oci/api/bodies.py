"""Whether a request's body and parameters are what the operation takes: names, types, presence and choices.

OCI names one problem at a time, in words that differ by service. These are one form, with the codes of Oracle's page
"API Errors": https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm
"""

from collections.abc import Mapping
from typing import Any

from facts.oci_api import Model, Operation, Type, Value, model
from facts.problem import nearest
from sandbox.oci.api.names import subtype
from sandbox.oci.api.parsing import LARGEST, integer, is_time
from sandbox.oci.errors import OciError, invalid_parameter

_PYTHON: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "datetime": (str,),
}
_COMPARTMENTS = ("compartmentId", "metricCompartmentId", "targetCompartmentId")
"""Each resource is in a compartment, so these are never empty, also where they may be left out."""
_SHOWN = 100
"""Characters of a wrong value that a message repeats."""
_NOUNS = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "a boolean",
    "datetime": "a date and time of RFC 3339",
}


def missing(name: str) -> OciError:
    """400: something required was left out."""
    return OciError(400, "MissingParameter", f"{name} is required.")


def check_body(operation: Operation, body: Any) -> None:
    """Raise what is wrong with a JSON body."""
    if operation.body is None or operation.body.name in ("file", "bytes"):
        return
    if body is None:
        if operation.needs_body:
            raise missing("The request's body")
        return
    check_value(operation.package, operation.body, body, "")


def check_value(package: str, kind: Type, value: Any, path: str) -> None:
    """Raise what is wrong with a value. Null means that the value is left out."""
    if value is None:
        return
    if kind.kind == "list" and kind.of:
        if not isinstance(value, list):
            raise _mistyped(path, "a list", value)
        for place, each in enumerate(value):
            _check_item(package, kind.of, each, f"{path}[{place}]")
    elif kind.kind == "map" and kind.of:
        if not isinstance(value, dict):
            raise _mistyped(path, "an object", value)
        for key, each in value.items():
            _check_item(package, kind.of, each, f"{path}.{key}")
    elif kind.kind == "model":
        _check_model(model(package, kind.name), value, path)
    else:
        _check_scalar(kind.name, value, path)


def _check_item(package: str, kind: Type, value: Any, path: str) -> None:
    """Raise what is wrong with a value of a list or a map. Null is refused there."""
    if value is None:
        raise invalid_parameter(f"{path} must not be null.")
    check_value(package, kind, value, path)


def _check_model(found: Model | None, value: Any, path: str) -> None:
    if found is None:
        _check_scalar("str", value, path)
        return
    if not isinstance(value, dict):
        raise _mistyped(path, "an object", value)
    if found.by and value.get(found.by) not in (None, *found.subtypes):
        raise invalid_parameter(
            f"{_at(path, found.by)}: {value[found.by]!r} is not one of {', '.join(found.subtypes)}."
        )
    found = subtype(found, value.get(found.by))
    if found.by and found.properties[found.by].required and value.get(found.by) is None:
        raise missing(_at(path, found.by))
    for name, each in value.items():
        known = found.properties.get(name)
        if known is None:
            raise _unknown(_at(path, name), name, list(found.properties))
        check_value(found.package, known.type, each, _at(path, name))
        _check_choice(known, each, _at(path, name))
    for name, known in found.properties.items():
        if known.required and value.get(name) is None:
            raise missing(_at(path, name))
        never_empty = (known.required and name.endswith("Id")) or name in _COMPARTMENTS
        if never_empty and value.get(name) == "":
            raise invalid_parameter(f"{_at(path, name)} must not be empty.")


def _check_scalar(name: str, value: Any, path: str) -> None:
    wanted = _PYTHON.get(name)
    if wanted is None:
        return
    if not isinstance(value, wanted) or (isinstance(value, bool) and name != "bool"):
        raise _mistyped(path, _NOUNS[name], value)
    if (name == "datetime" and not is_time(str(value))) or (
        name == "int" and not -LARGEST <= value < LARGEST
    ):
        raise _mistyped(path, _NOUNS[name], value)


def _check_choice(known: Value, value: Any, path: str) -> None:
    given = value if isinstance(value, list) else [value]
    allowed = {each.casefold() for each in known.choices}
    for each in given if known.choices else ():
        if isinstance(each, str) and each.casefold() not in allowed:
            raise invalid_parameter(f"{path}: {each!r} is not one of {', '.join(known.choices)}.")


def check_query(operation: Operation, query: Mapping[str, tuple[str, ...]]) -> None:
    """Raise what is wrong with the parameters: unknown, missing, of the wrong type, or not one of the choices."""
    for name, values in query.items():
        known = operation.query.get(name)
        if known is None:
            raise _unknown(name, name, list(operation.query))
        for each in values:
            _check_text(known, each)
    for name, known in operation.query.items():
        if known.required and not any(query.get(name, ())):
            raise missing(name)


def _check_text(known: Value, text: str) -> None:
    kind = known.type.innermost.name
    wrong = (
        (kind == "int" and integer(text) is None)
        or (kind == "bool" and text.lower() not in ("true", "false"))
        or (kind == "datetime" and not is_time(text))
    )
    if wrong:
        raise _mistyped(known.name, _NOUNS[kind], text)
    # Some parameters list several choices in one text.
    _check_choice(known, text.split(","), known.name)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _mistyped(path: str, wanted: str, value: Any) -> OciError:
    shown = {dict: "an object", list: "a list"}.get(type(value)) or repr(value)[:_SHOWN]
    return invalid_parameter(f"{path or 'The body'} must be {wanted}, not {shown}.")


def _unknown(path: str, name: str, known: list[str]) -> OciError:
    close = nearest(name, known)
    hint = f" Did you mean {close}?" if close else ""
    return invalid_parameter(f"Unrecognized field {path}.{hint}")
