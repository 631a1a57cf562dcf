"""The format of a DNS record's data, by its type. Registers no rule.

Source of each format: the RFC that Oracle's page "Supported Resource Records" names for the type (1035 for A, CNAME,
MX, NS, PTR and TXT; 3596 for AAAA; 2782 for SRV; 6672 for DNAME; 6844, which 8659 replaces, for CAA). The SDK calls the
data "whitespace-delimited tokens in type-specific presentation format" (oci.dns.models.RecordDetails.rdata). Types that
are not listed here accept any data.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final

_NAME = re.compile(
    r"(?=.{1,254}$)(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}\.?"
)
_NUMBERS: Final[Mapping[str, int]] = {
    "ALIAS": 0,
    "CNAME": 0,
    "DNAME": 0,
    "NS": 0,
    "PTR": 0,
    "MX": 1,
    "SRV": 3,
}
"""The count of 16-bit numbers before the name: preference for MX; priority, weight and port for SRV."""

_CAA = re.compile(r'(?P<flags>\d{1,3}) [A-Za-z0-9]+ ("[^"]*"|[^\s"]+)', re.ASCII)
_TEXTS = re.compile(r'\s*("(\\.|[^"\\])*"|[^\s"]+)')
_LONGEST_TEXT: Final = 255
_BYTE: Final = 2**8
_WORD: Final = 2**16


def is_name(text: str) -> bool:
    """Whether a text is a domain name, with or without a period at the end."""
    return _NAME.fullmatch(text) is not None


def fits(kind: str, text: str) -> bool:
    """Whether a text is valid data for a record of this type."""
    if kind in ("A", "AAAA"):
        return _is_address(text, 4 if kind == "A" else 6)
    if kind in _NUMBERS:
        return _is_name_after(_NUMBERS[kind], text)
    if kind == "CAA":
        found = _CAA.fullmatch(text)
        return found is not None and int(found["flags"]) < _BYTE
    if kind in ("TXT", "SPF"):
        return _are_texts(text)
    return bool(text)


def _is_address(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False


def _is_name_after(count: int, text: str) -> bool:
    *numbers, name = text.split() or [""]
    if len(numbers) != count or not all(each.isascii() and each.isdecimal() for each in numbers):
        return False
    # A single period is the root and means "no service here" (RFC 7505 and RFC 2782).
    return all(int(each) < _WORD for each in numbers) and (is_name(name) or (count > 0 and name == "."))


def _are_texts(text: str) -> bool:
    parts = [found[1] for found in _TEXTS.finditer(text)]
    whole = "".join(found[0] for found in _TEXTS.finditer(text)) == text.rstrip()
    return bool(parts) and whole and all(len(each.strip('"').encode()) <= _LONGEST_TEXT for each in parts)
