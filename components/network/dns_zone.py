"""A DNS zone and its records."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Protocol

import pulumi
from pulumi_oci import dns

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

RECORD_TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT")
SHORTEST_TTL, LONGEST_TTL = 30, 604_800
DEFAULT_TTL = 300

LOOKS: Mapping[str, str] = {
    "A": "an IPv4 address",
    "AAAA": "an IPv6 address",
    "CAA": 'flags, tag and value, as in `0 issue "ca.example"`',
    "CNAME": "one full name in lower case",
    "MX": "a number and a full name in lower case, as in `10 mail.example.com`, or `.` as the name",
    "SRV": "priority, weight, port and a full name in lower case, as in `0 5 443 a.example.com`, or `.` as the name",
    "TXT": "one text of up to 255 bytes, or several such texts, each in quotation marks",
}

NUMBERS: Mapping[str, int] = {"CNAME": 0, "MX": 1, "SRV": 3}
"""How many 16-bit numbers come before the name in a record. Source: RFC 1035, section 3.3; RFC 2782."""

LONGEST_TEXT = 255
"""Bytes of one text of a TXT record; a longer value is several texts in quotation marks. Source: RFC 1035, 3.3.14."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\[0-9]{3}|\\[^0-9])*)"\s*')
_ESCAPE = re.compile(r"\\([0-9]{3}|.)")
"""A text in quotation marks, and an escaped byte in it. Source: RFC 1035, section 5.1."""

_NUMBER = re.compile(r"[0-9]{1,5}")
_CAA = re.compile(r'([0-9]|[0-9]{2}|1[0-9]{2}|2[0-4][0-9]|25[0-5]) [A-Za-z0-9]{1,15} "[^"]*"')
"""Flags, tag, value in quotation marks. Source: RFC 8659, section 4.1."""

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
_ZONE = re.compile(rf"(?=.{{1,253}}$)({_LABEL}\.)+{_LABEL}")
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(\*\.)?({_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, kw_only=True)
class DnsRecordArgs:
    """The records with one domain and type."""

    domain: str
    """Full name of the zone or below it. `*.` at the beginning matches any one label."""

    type: str
    """`A`, `AAAA`, `CAA`, `CNAME`, `MX`, `SRV` or `TXT`."""

    values: Sequence[pulumi.Input[str]]
    """Data of the records: for TXT without quotation marks, for CNAME the full name."""

    ttl: int | None = None
    """Seconds for which resolvers cache it, 30 to 604,800. Default: 300."""


@dataclass(frozen=True, kw_only=True)
class DnsZoneArgs:
    """Arguments of a DnsZone."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the zone."""

    zone_name: str
    """Name of the zone, e.g. `genai.example.com`. Its parent must delegate it to the zone's name servers. A change
    replaces the zone."""

    records: Mapping[str, DnsRecordArgs] | None = None
    """Records by a name that you choose. A change of the domain or type replaces the record. Default: none."""

    view_id: pulumi.Input[str] | None = None
    """OCID of the private view of a VCN's resolver. The zone is then visible only there. Default: a public zone."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the zone, and keeps it when the stack is destroyed. A new zone would have other
    name servers. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the zone. Records have no tags. Default: none."""


class DnsZone(CheckedArgs, pulumi.ComponentResource):
    """A primary zone and its records."""

    zone_id: pulumi.Output[str]
    """OCID of the zone."""

    name_servers: pulumi.Output[Sequence[str]]
    """Name servers to which the parent zone must delegate; empty for a private zone."""

    def __init__(self, name: str, args: DnsZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(dns_zone_problems(args.zone_name, args.records or {}, path=name), f"the DNS zone {name}")
        super().__init__("genai:index:DnsZone", name, {}, opts)

        zone = dns.Zone(
            f"{name}-zone",
            dns.ZoneArgs(
                compartment_id=args.compartment_id,
                name=args.zone_name,
                zone_type="PRIMARY",
                scope=None if args.view_id is None else "PRIVATE",
                view_id=args.view_id,
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        for label, record in (args.records or {}).items():
            dns.Rrset(f"{name}-{label}", _rrset(zone, record, args.view_id), opts=child(self))

        self.zone_id = zone.id
        self.name_servers = zone.nameservers.apply(lambda servers: [each.hostname or "" for each in servers])
        self.register_outputs({"zoneId": self.zone_id, "nameServers": self.name_servers})


def _rrset(zone: "dns.Zone", record: DnsRecordArgs, view_id: pulumi.Input[str] | None) -> "dns.RrsetArgs":
    return dns.RrsetArgs(
        zone_name_or_id=zone.id,
        domain=record.domain,
        rtype=record.type,
        view_id=view_id,
        items=[
            dns.RrsetItemArgs(
                domain=record.domain,
                rtype=record.type,
                rdata=pulumi.Output.from_input(value).apply(lambda text: normalised(record.type, text)),
                ttl=record.ttl or DEFAULT_TTL,
            )
            for value in record.values
        ],
    )


def normalised(record_type: str, text: str) -> str:
    """The data of a record in the form in which OCI returns it. With another form, every preview would show a
    change."""
    if record_type in ("CNAME", "MX", "SRV") and not text.endswith("."):
        return f"{text}."
    if record_type == "TXT" and not text.startswith('"'):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text


class RecordChoices(Protocol):
    """The plain values of records, which the component's args and the settings both have."""

    @property
    def domain(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def values(self) -> Sequence[object]: ...
    @property
    def ttl(self) -> int | None: ...


def dns_zone_problems(
    zone_name: str, records: Mapping[str, RecordChoices], *, path: str
) -> Iterator[Problem]:
    """Invalid names, records outside the zone, values of another type, and aliases with other records at the same name.

    A value that is not known yet passes.
    """
    if not _ZONE.fullmatch(zone_name):
        yield Problem(
            f"{path}.zone", zone_name, "must be a domain name in lower case, without a dot at its end"
        )
    types: dict[str, dict[str, str]] = {}
    for label, record in records.items():
        at = f"{path}.records.{label}"
        yield from _record_problems(record, zone_name, at)
        first = types.setdefault(record.domain, {}).setdefault(record.type, label)
        if first != label:
            allowed = f"must not be repeated: {path}.records.{first} has the same domain and type"
            yield Problem(at, record.domain, allowed)
    for domain, found in types.items():
        if "CNAME" in found and (len(found) > 1 or domain == zone_name):
            allowed = "must be the only record of its domain, and not at the zone itself"
            yield Problem(f"{path}.records.{found['CNAME']}", domain, allowed, "Use A records instead")


def _record_problems(record: RecordChoices, zone: str, path: str) -> Iterator[Problem]:
    if not _DOMAIN.fullmatch(record.domain):
        yield Problem(f"{path}.domain", record.domain, "must be a domain name in lower case")
    elif record.domain != zone and not record.domain.endswith(f".{zone}"):
        yield Problem(f"{path}.domain", record.domain, f"must be {zone} or end in .{zone}")
    if record.type not in RECORD_TYPES:
        yield Problem.not_one_of(f"{path}.type", record.type, RECORD_TYPES)
    if record.ttl is not None and not SHORTEST_TTL <= record.ttl <= LONGEST_TTL:
        yield Problem(f"{path}.ttl", record.ttl, f"must be {SHORTEST_TTL} to {LONGEST_TTL} seconds")
    if not record.values or (record.type == "CNAME" and len(record.values) > 1):
        allowed = "must be one value" if record.values else "must contain a value"
        yield Problem(f"{path}.values", list(record.values), allowed)
    for index, value in enumerate(record.values):
        if not isinstance(value, str) or not value:
            continue
        if record.type in LOOKS and not _fits(record.type, value):
            yield Problem(
                f"{path}.values[{index}]",
                value,
                f"must be the data of a record of type {record.type}: {LOOKS[record.type]}",
            )
        elif value in record.values[:index]:
            yield Problem(f"{path}.values[{index}]", value, "must not be repeated")


def _fits(record_type: str, value: str) -> bool:
    address = {"A": IPv4Address, "AAAA": IPv6Address}.get(record_type)
    if address is not None:
        try:
            address(value)
        except AddressValueError:
            return False
        return True
    *parts, last = value.split(" ")
    if record_type in NUMBERS:
        numbers = [int(part) for part in parts if _NUMBER.fullmatch(part)]
        # A period alone is the root and means no mail or no service (RFC 7505, RFC 2782). An alias cannot have it.
        named = (last == "." and bool(numbers)) or _DOMAIN.fullmatch(last.removesuffix("."))
        return (
            bool(named)
            and len(numbers) == len(parts) == NUMBERS[record_type]
            and max(numbers, default=0) < 2**16
        )
    if record_type == "CAA":
        return bool(_CAA.fullmatch(value))
    return record_type != "TXT" or _are_texts(value)


def _are_texts(value: str) -> bool:
    try:
        if not value.startswith('"'):
            return len(value.encode()) <= LONGEST_TEXT
        texts = [found[1] for found in _QUOTED.finditer(value)]
        sizes = [len(_ESCAPE.sub("x", text).encode()) for text in texts]
    except UnicodeEncodeError:
        return False
    return not _QUOTED.sub("", value) and max(sizes) <= LONGEST_TEXT
