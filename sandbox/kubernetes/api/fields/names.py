"""Checks of names, keys and numbers, by the API server's formats."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .wording import duplicate, invalid, required

_LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_FORM = rf"{_LABEL_FORM}(\.{_LABEL_FORM})*"
_SERVICE_FORM = "[a-z]([-a-z0-9]*[a-z0-9])?"
_KEY_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE_FORM = f"({_KEY_FORM})?"
_LABEL_BYTES, _SUBDOMAIN_BYTES, _PORT_NAME_BYTES = 63, 253, 15
_ENDS = "and must start and end with an alphanumeric character"
_KEY_WHY = f"must consist of alphanumeric characters, '-', '_' or '.', {_ENDS}"


def _matches(form: str, value: str) -> bool:
    return re.fullmatch(form, value) is not None


def _formed(why: str, form: str, *examples: str) -> str:
    listed = " or ".join(f"'{each}', " for each in examples)
    return f"{why} (e.g. {listed}regex used for validation is '{form}')"


def _longest(most: int) -> str:
    return f"must be no more than {most} characters"


def label(value: Any, path: str) -> Iterator[str]:
    """A DNS label: the name of a namespace, service, container, volume or port."""
    text = str(value)
    if len(text) > _LABEL_BYTES:
        yield invalid(path, value, _longest(_LABEL_BYTES))
    if _matches(_LABEL_FORM, text):
        return
    if _matches(_SUBDOMAIN_FORM, text):
        yield invalid(path, value, "must not contain dots")
        return
    why = f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ENDS}"
    yield invalid(path, value, _formed(why, _LABEL_FORM, "my-name", "123-abc"))


def service_label(value: Any, path: str) -> Iterator[str]:
    """The name of a Service before Kubernetes 1.36. Since 1.36 any DNS label is accepted."""
    text = str(value)
    if len(text) > _LABEL_BYTES:
        yield invalid(path, value, _longest(_LABEL_BYTES))
    if not _matches(_SERVICE_FORM, text):
        why = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
            "character, and end with an alphanumeric character"
        )
        yield invalid(path, value, _formed(why, _SERVICE_FORM, "my-name", "abc-123"))


def subdomain(value: Any, path: str) -> Iterator[str]:
    """A DNS subdomain: the name of most objects. An empty value is accepted."""
    if value:
        yield from (invalid(path, value, why) for why in _subdomain_faults(str(value)))


def _subdomain_faults(text: str) -> Iterator[str]:
    if len(text) > _SUBDOMAIN_BYTES:
        yield _longest(_SUBDOMAIN_BYTES)
    if not _matches(_SUBDOMAIN_FORM, text):
        why = f"must consist of lower case alphanumeric characters, '-' or '.', {_ENDS}"
        yield _formed(f"a lowercase RFC 1123 subdomain {why}", _SUBDOMAIN_FORM, "example.com")


def qualified(value: Any, path: str) -> Iterator[str]:
    """The key of a label, annotation or taint: a name, or a domain and a name."""
    examples = ("MyName", "my.name", "123-abc")
    parts = str(value).split("/")
    if len(parts) > 2:
        why = _formed(f"a valid label key {_KEY_WHY}", _KEY_FORM, *examples)
        yield invalid(
            path, value, f"{why} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )
        return
    name = parts[-1]
    if len(parts) == 2:
        yield from _prefix(value, parts[0], path)
    if not name:
        yield invalid(path, value, "name part must be non-empty")
    elif len(name) > _LABEL_BYTES:
        yield invalid(path, value, "name part must be no more than 63 bytes")
    if not _matches(_KEY_FORM, name):
        yield invalid(path, value, _formed(f"name part {_KEY_WHY}", _KEY_FORM, *examples))


def _prefix(value: Any, domain: str, path: str) -> Iterator[str]:
    faults = _subdomain_faults(domain) if domain else ["must be non-empty"]
    yield from (invalid(path, value, f"prefix part {why}") for why in faults)


def label_value(value: Any, path: str) -> Iterator[str]:
    """The value of a label."""
    text = str(value or "")
    if len(text) > _LABEL_BYTES:
        yield invalid(path, value, "must be no more than 63 bytes")
    if not _matches(_VALUE_FORM, text):
        why = f"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', {_ENDS}"
        yield invalid(path, value, _formed(why, _VALUE_FORM, "MyValue", "my_value", "12345"))


def config_key(value: str, path: str) -> Iterator[str]:
    """A key of a ConfigMap or a Secret."""
    form = "[-._a-zA-Z0-9]+"
    if len(value) > _SUBDOMAIN_BYTES:
        yield invalid(path, value, _longest(_SUBDOMAIN_BYTES))
    if not _matches(form, value):
        why = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        yield invalid(path, value, _formed(why, form, "key.name", "KEY_NAME", "key-name"))


def label_map(values: Mapping[str, Any] | None, path: str) -> Iterator[str]:
    """The keys and values of labels."""
    for key, value in (values or {}).items():
        yield from qualified(key, path)
        yield from label_value(value, path)


def port(value: Any, path: str, *, named: bool = True) -> Iterator[str]:
    """A port number, or a port name if `named`."""
    if isinstance(value, str) and named:
        yield from _port_name(value, path)
    elif not isinstance(value, int) or not 1 <= value <= 65535:
        yield invalid(path, value, "must be between 1 and 65535, inclusive")


def _port_name(value: str, path: str) -> Iterator[str]:
    if len(value) > _PORT_NAME_BYTES:
        yield invalid(path, value, _longest(_PORT_NAME_BYTES))
    if not _matches("[-a-z0-9]+", value):
        yield invalid(path, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        yield invalid(path, value, "must contain at least one letter (a-z)")
    if "--" in value:
        yield invalid(path, value, "must not contain consecutive hyphens")
    if value[:1] == "-" or value[-1:] == "-":
        yield invalid(path, value, "must not begin or end with a hyphen")


def port_name(value: Any, path: str) -> Iterator[str]:
    """The name of a container's port."""
    if value:
        yield from port(str(value), path)


def not_negative(values: Mapping[str, Any], names: tuple[str, ...], path: str) -> Iterator[str]:
    """The named fields of an object must not be negative. Valid percentages are accepted."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int) and value < 0:
            yield invalid(f"{path}.{name}", value, "must be greater than or equal to 0")
        elif isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
            why = "a valid percent string must be a numeric string followed by an ending '%'"
            yield invalid(f"{path}.{name}", value, _formed(why, "[0-9]+%", "1%", "93%"))


def given(values: Mapping[str, Any], names: tuple[str, ...], path: str) -> Iterator[str]:
    """The named fields of an object must not be missing or empty."""
    for name in names:
        if not values.get(name):
            yield required(f"{path}.{name}")


def unique(items: Any, key: str, path: str) -> Iterator[str]:
    """The items of a list must have different values of `key`."""
    seen: set[str] = set()
    for index, item in enumerate(items or ()):
        value = item.get(key) if isinstance(item, dict) else None
        if value is None:
            continue
        if str(value) in seen:
            yield duplicate(f"{path}[{index}].{key}", value)
        seen.add(str(value))
