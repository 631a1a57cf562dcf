"""Reads existing resources with the provider's functions, in a preview too."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import pulumi
import pulumi_oci as oci

from facts.problem import Problem
from report.resources import as_mapping, as_sequence

Row = Mapping[str, object]

_PLURALS = {
    "destinationPortRanges": "destinationPortRange",
    "icmpOptions": "icmpOptions",
    "sourcePortRanges": "sourcePortRange",
    "tcpOptions": "tcpOptions",
    "udpOptions": "udpOptions",
}
"""Single objects that the provider's functions return as lists, with the names that its resources have."""

_NUMBERS = ("min", "max", "code")
"""Numbers of a security rule of which 0 means that they are not set."""

_REASON = re.compile(r"(\d{3}-\w+),? ?([^\n]*)", re.ASCII)


class UnreadableError(Exception):
    """A resource that the account does not have, or that the caller may not read."""


class Reader(Protocol):
    """Calls functions of the provider. Raises UnreadableError."""

    def one(self, token: str, **arguments: str) -> Row:
        """The result of a function."""
        ...

    def rows(self, token: str, name: str, **arguments: str) -> Sequence[Row]:
        """The list with this name in the result of a function."""
        ...


class ProviderReader:
    """Calls the functions of one provider, one after the other, and waits for each answer."""

    def __init__(self, provider: oci.Provider) -> None:
        self._options = pulumi.InvokeOptions(provider=provider)

    def one(self, token: str, **arguments: str) -> Row:
        """The result of a function such as `Core/getVcn`."""
        name = token.rsplit("/", 1)[-1]
        try:
            found = pulumi.runtime.invoke(f"oci:{token}:{name}", dict(arguments), self._options)
            answer = as_mapping(cast(object, found.value))
        except Exception as error:  # the SDK raises this class itself
            raise UnreadableError(_reason(str(error))) from None
        return singular(answer)

    def rows(self, token: str, name: str, **arguments: str) -> Sequence[Row]:
        """The list with this name in the result."""
        return [as_mapping(each) for each in as_sequence(self.one(token, **arguments).get(name))]


def read(
    reader: Reader, token: str, path: str, fix: str, problems: list[Problem], **arguments: str
) -> Row | None:
    """The result of a function that reads one resource by its OCID. None with a problem if it cannot be read."""
    try:
        return reader.one(token, **arguments)
    except UnreadableError as error:
        (ocid,) = arguments.values()
        problems.append(Problem(path, ocid, f"cannot be read: {error}", fix))
        return None


def singular(value: Row) -> Row:
    """The result with single objects in place of the lists that functions return for them.

    The provider shows a missing number as 0. No port is 0. An ICMP code of 0 is taken as every code, because the rules
    of a cluster never name code 0.
    """
    found = {_PLURALS.get(key, key): _inner(key, each) for key, each in value.items()}
    return {key: each for key, each in found.items() if key not in _NUMBERS or each != 0}


def _inner(key: str, value: object) -> object:
    if isinstance(value, list | tuple):
        every = [_inner("", each) for each in cast("Sequence[object]", value)]
        return (every[0] if every else None) if key in _PLURALS else every
    return singular(cast(Row, value)) if isinstance(value, Mapping) else value


def _reason(text: str) -> str:
    """Status, code and message of the service's error."""
    found = _REASON.search(text)
    return f"{found[1]} {found[2]}".strip() if found else text.strip().rpartition("\n")[2]
