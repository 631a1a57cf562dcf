"""Small functions that read a call's inputs: plain values under Pulumi's names."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.oci.errors import OciError, invalid_parameter

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def blocks(inputs: dict[str, Any], *path: str) -> list[dict[str, Any]]:
    """The nested objects at a path. Each step may be an object or a list in the provider's schema."""
    level: list[dict[str, Any]] = [inputs]
    for name in path:
        found: list[dict[str, Any]] = []
        for each in level:
            value = each.get(name)
            items = value if isinstance(value, list) else [value]
            found.extend(item for item in items if isinstance(item, dict))
        level = found
    return level


def texts(inputs: dict[str, Any], name: str) -> list[str]:
    """A property that is a string or a list of strings. Always returns a list."""
    value = inputs.get(name)
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def number(inputs: dict[str, Any], name: str) -> float | None:
    """A number, also if the provider's schema has it as a string. None if it is missing."""
    value = inputs.get(name)
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise invalid_parameter(f"{name}: {value!r} is not a number.") from None


def fields(value: object, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, field name, text) of every string at any depth. A string in a list has the list's name."""
    yield from _fields(value, path, "")


def _fields(value: object, path: str, name: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield path, name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _fields(each, f"{path}.{key}" if path else str(key), str(key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _fields(each, f"{path}[{index}]", name)


def parse_cidr(text: str) -> Network:
    """A CIDR block without host bits. Raises a refusal in the networking service's words otherwise."""
    address, slash, prefix = text.partition("/")
    try:
        loose = ipaddress.ip_network(text, strict=False)
    except ValueError:
        loose = None
    # Python also accepts a mask in place of the prefix length.
    if loose is None or (slash and not prefix.isdecimal()):
        raise invalid_parameter(f"The requested CIDR {text} is invalid: not a valid CIDR.")
    if not slash or ipaddress.ip_address(address) != loose.network_address:
        raise invalid_parameter(
            f"The requested CIDR {text} is invalid: CIDR IP {address} does not match network IP "
            f"{loose.network_address}."
        )
    return loose


def parse_address(text: str, path: str) -> Address:
    """An IP address. Raises a refusal otherwise."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise invalid_parameter(f"{path} {text!r} is not a valid IP address.") from None


_DURATION = re.compile(r"P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?", re.ASCII)


def parse_duration(text: str) -> int | None:
    """The seconds of an ISO 8601 duration such as PT5M or P1D. None if the text is not a duration."""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groupdict().values()):
        return None
    parts = {unit: int(value or 0) for unit, value in found.groupdict().items()}
    return parts["d"] * 86_400 + parts["h"] * 3_600 + parts["m"] * 60 + parts["s"]


def one_of(name: str, value: object, allowed: tuple[str, ...]) -> OciError | None:
    """A refusal if a value is given and not allowed. Ignores case, as the provider does."""
    if value is None or str(value).upper() in (each.upper() for each in allowed):
        return None
    return invalid_parameter(f"{name} must be one of {', '.join(allowed)}, not {value}.")


def time_of(text: str) -> datetime | None:
    """An ISO 8601 time, in UTC if it has no zone. None if the text is not a time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
