"""The managed bastion: the way to a private Kubernetes API endpoint."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

import pulumi
from pulumi_oci import bastion

from components.options import child
from facts.problem import Problem, refuse

from .cidr_plan import cidr_problems

SHORTEST_SESSION, LONGEST_SESSION = 1_800, 10_800
"""Seconds that OCI allows a session."""


@dataclass(frozen=True, kw_only=True)
class BastionHostArgs:
    """What a BastionHost is made of."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment that holds the bastion."""

    target_subnet_id: pulumi.Input[str]
    """OCID of the subnet that the bastion's endpoint stands in. The endpoint takes no security group: a security list
    of the subnet must let it out to what sessions lead to. A change replaces the bastion."""

    client_cidrs: Sequence[str]
    """IPv4 CIDRs from which sessions may be opened; at least one."""

    max_session_seconds: int | None = None
    """Longest time of a session, 1,800 to 10,800 seconds. Default: 10,800 (three hours)."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class BastionHost(pulumi.ComponentResource):
    """A managed bastion: sessions through it reach private addresses, and nothing of it runs in the VCN."""

    bastion_id: pulumi.Output[str]
    """OCID of the bastion."""

    private_ip: pulumi.Output[str]
    """Address from which the sessions come, inside the target subnet."""

    def __init__(self, name: str, args: BastionHostArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(
            bastion_problems(args.client_cidrs, args.max_session_seconds, path=name), f"the bastion {name}"
        )
        super().__init__("genai:index:BastionHost", name, {}, opts)

        host = bastion.Bastion(
            f"{name}-bastion",
            bastion.BastionArgs(
                bastion_type="standard",
                compartment_id=args.compartment_id,
                target_subnet_id=args.target_subnet_id,
                # OCI takes letters and digits only here, and a changed name replaces the bastion.
                name=re.sub(r"[^A-Za-z0-9]", "", name),
                client_cidr_block_allow_lists=list(args.client_cidrs),
                max_session_ttl_in_seconds=args.max_session_seconds or LONGEST_SESSION,
                freeform_tags=args.tags,
            ),
            opts=child(
                self,
                # Its name is fixed, and two of one name OCI refuses.
                pulumi.ResourceOptions(
                    custom_timeouts=pulumi.CustomTimeouts(create="30m", delete="30m"),
                    delete_before_replace=True,
                ),
            ),
        )

        self.bastion_id = host.id
        self.private_ip = host.private_endpoint_ip_address
        self.register_outputs({"bastionId": self.bastion_id, "privateIp": self.private_ip})


def bastion_problems(
    client_cidrs: Sequence[str], max_session_seconds: int | None = None, *, path: str
) -> Iterator[Problem]:
    """A bastion that lets nobody in, invalid CIDRs, and sessions of a wrong length."""
    if not client_cidrs:
        fix = "Name the addresses you work from"
        yield Problem(f"{path}.clientCidrs", [], "must name at least one CIDR that may open sessions", fix)
    malformed = False
    for index, cidr in enumerate(client_cidrs):
        found = [*cidr_problems(cidr, path=f"{path}.clientCidrs[{index}]")]
        malformed = malformed or bool(found)
        yield from found
        if cidr in list(client_cidrs)[:index]:
            yield Problem(f"{path}.clientCidrs[{index}]", cidr, "must stand here once")
    if not malformed and _cover_everything(client_cidrs):
        fix = "Name the addresses you work from"
        yield Problem(f"{path}.clientCidrs", list(client_cidrs), "must not let in the whole internet", fix)
    if max_session_seconds is not None and not SHORTEST_SESSION <= max_session_seconds <= LONGEST_SESSION:
        allowed = f"must be {SHORTEST_SESSION} to {LONGEST_SESSION} seconds"
        yield Problem(f"{path}.maxSessionSeconds", max_session_seconds, allowed)


def _cover_everything(cidrs: Iterable[str]) -> bool:
    """Whether networks, all well-formed, hold every address together."""
    return any(each.prefixlen == 0 for each in collapse_addresses(map(IPv4Network, cidrs)))
