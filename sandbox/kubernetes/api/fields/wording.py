"""Refusals in the API server's own words."""

import json
from collections.abc import Iterable


def invalid(path: str, value: object, why: str) -> str:
    """The field has an invalid value."""
    return f"{path}: Invalid value: {_shown(value)}: {why}"


def required(path: str, why: str = "") -> str:
    """The value is missing."""
    return f"{path}: Required value{': ' + why if why else ''}"


def unsupported(path: str, value: object, choices: Iterable[str]) -> str:
    """The value is not one of the supported values."""
    listed = ", ".join(f'"{each}"' for each in choices)
    return f"{path}: Unsupported value: {_shown(value)}: supported values: {listed}"


def duplicate(path: str, value: object) -> str:
    """The value occurs twice."""
    return f"{path}: Duplicate value: {_shown(value)}"


def forbidden(path: str, why: str) -> str:
    """The field must not be set together with another."""
    return f"{path}: Forbidden: {why}"


def too_long(path: str, most: int) -> str:
    """The value has more bytes than allowed."""
    return f"{path}: Too long: may not be more than {most} bytes"


def _shown(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
