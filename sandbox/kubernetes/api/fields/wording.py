"""Refusals in the API server's own words."""

import json
from collections.abc import Iterable


def invalid(path: str, value: object, why: str) -> str:
    """A value that the field cannot have."""
    return f"{path}: Invalid value: {_shown(value)}: {why}"


def required(path: str, why: str = "") -> str:
    """A value that is missing."""
    return f"{path}: Required value{': ' + why if why else ''}"


def unsupported(path: str, value: object, choices: Iterable[str]) -> str:
    """A value that is not among those supported."""
    listed = ", ".join(f'"{each}"' for each in choices)
    return f"{path}: Unsupported value: {_shown(value)}: supported values: {listed}"


def duplicate(path: str, value: object) -> str:
    """A value that stands there already."""
    return f"{path}: Duplicate value: {_shown(value)}"


def forbidden(path: str, why: str) -> str:
    """A field that may not be set beside another."""
    return f"{path}: Forbidden: {why}"


def too_long(path: str, most: int) -> str:
    """More bytes than fit."""
    return f"{path}: Too long: may not be more than {most} bytes"


def _shown(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
