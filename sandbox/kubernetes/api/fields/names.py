"""Names, keys and numbers of the forms that the API server knows."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .wording import duplicate, invalid, required

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME_PART = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_PORT_NAME = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
_CHARACTERS = "and must start and end with an alphanumeric character"


def label(value: Any, path: str) -> Iterator[str]:
    """A DNS label: of containers, volumes, ports of services."""
    if not _LABEL.fullmatch(str(value)) or len(str(value)) > 63:
        why = f"must be at most 63 lower case alphanumeric characters or '-', {_CHARACTERS}"
        yield invalid(path, value, f"a lowercase RFC 1123 label {why}")


def subdomain(value: Any, path: str) -> Iterator[str]:
    """The name of most objects, where it is given at all."""
    if value and (not _SUBDOMAIN.fullmatch(str(value)) or len(str(value)) > 253):
        why = f"must consist of lower case alphanumeric characters, '-' or '.', {_CHARACTERS}"
        yield invalid(path, value, f"a lowercase RFC 1123 subdomain {why}")


def qualified(value: Any, path: str) -> Iterator[str]:
    """A key of labels and taints: a name, or a domain and a name."""
    domain, _, name = str(value).rpartition("/")
    if not _NAME_PART.fullmatch(name) or (domain and not _SUBDOMAIN.fullmatch(domain)):
        why = f"must consist of alphanumeric characters, '-', '_' or '.', {_CHARACTERS}"
        yield invalid(path, value, f"name part {why}")


def label_value(value: Any, path: str) -> Iterator[str]:
    """The value of a label."""
    if value and not _NAME_PART.fullmatch(str(value)):
        why = f"must be an empty string or consist of alphanumeric characters, '-', '_' or '.', {_CHARACTERS}"
        yield invalid(path, value, f"a valid label {why}")


def label_map(values: Mapping[str, Any] | None, path: str) -> Iterator[str]:
    """Labels by their keys."""
    for key, value in (values or {}).items():
        yield from qualified(key, path)
        yield from label_value(value, path)


def port(value: Any, path: str, *, named: bool = True) -> Iterator[str]:
    """A port's number, or where `named` the name of one."""
    if isinstance(value, str) and named:
        if not _PORT_NAME.fullmatch(value):
            yield invalid(
                path, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
            )
    elif not isinstance(value, int) or not 1 <= value <= 65535:
        yield invalid(path, value, "must be between 1 and 65535, inclusive")


def port_name(value: Any, path: str) -> Iterator[str]:
    """The name of a container's port."""
    if value:
        yield from port(str(value), path)


def not_negative(values: Mapping[str, Any], names: tuple[str, ...], path: str) -> Iterator[str]:
    """Numbers of an object, by their names, that may not be below 0; percentages pass if they are any."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int) and value < 0:
            yield invalid(f"{path}.{name}", value, "must be greater than or equal to 0")
        elif isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
            yield invalid(
                f"{path}.{name}", value, "a valid percent string must be a numeric string followed by %"
            )


def given(values: Mapping[str, Any], names: tuple[str, ...], path: str) -> Iterator[str]:
    """Texts and lists of an object, by their names, that may not be left out or empty."""
    for name in names:
        if not values.get(name):
            yield required(f"{path}.{name}")


def unique(items: Any, key: str, path: str) -> Iterator[str]:
    """Items of a list that share what tells them apart."""
    seen: set[str] = set()
    for index, item in enumerate(items or ()):
        value = item.get(key) if isinstance(item, dict) else None
        if value is not None and str(value) in seen:
            yield duplicate(f"{path}[{index}].{key}", value)
        seen.add(str(value))
