"""The managed bastion, for access to a private Kubernetes API endpoint."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

import pulumi
from pulumi_oci import bastion

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cidr_plan import cidr_problems

SHORTEST_SESSION, LONGEST_SESSION = 1_800, 10_800
"""Shortest and longest session that OCI allows, in seconds."""


@dataclass(frozen=True, kw_only=True)
class BastionHostArgs:
    """Arguments of a BastionHost."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the bastion."""

    target_subnet_id: pulumi.Input[str]
    """OCID of the subnet of the bastion's endpoint. The endpoint cannot have a security group: a security list of the
    subnet must allow its egress to the targets of sessions. A change replaces the bastion."""

    client_cidrs: Sequence[str]
    """IPv4 CIDRs from which clients may open sessions, at least one."""

    max_session_seconds: int | None = None
    """Longest session in seconds, 1,800 to 10,800. Default: 10,800 (three hours)."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class BastionHost(CheckedArgs, pulumi.ComponentResource):
    """A managed bastion. Its sessions reach private addresses, and no host of it runs in the VCN."""

    bastion_id: pulumi.Output[str]
    """OCID of the bastion."""

    private_ip: pulumi.Output[str]
    """Source address of the sessions, inside the target subnet."""

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
                # OCI accepts only letters and digits here, and a changed name replaces the bastion.
                name=re.sub(r"[^A-Za-z0-9]", "", name),
                client_cidr_block_allow_lists=list(args.client_cidrs),
                max_session_ttl_in_seconds=args.max_session_seconds or LONGEST_SESSION,
                freeform_tags=args.tags,
            ),
            opts=child(
                self,
                # The name is fixed, and OCI refuses two bastions with the same name.
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
    """A bastion that allows nobody or everybody, invalid CIDRs, and sessions with an invalid length."""
    if not client_cidrs:
        fix = "Name the addresses from which you work"
        yield Problem(f"{path}.clientCidrs", [], "must name at least one CIDR that may open sessions", fix)
    malformed = False
    for index, cidr in enumerate(client_cidrs):
        found = [*cidr_problems(cidr, path=f"{path}.clientCidrs[{index}]")]
        malformed = malformed or bool(found)
        yield from found
        if cidr in list(client_cidrs)[:index]:
            yield Problem(f"{path}.clientCidrs[{index}]", cidr, "must not be repeated")
    if not malformed and _cover_everything(client_cidrs):
        fix = "Name the addresses from which you work"
        yield Problem(f"{path}.clientCidrs", list(client_cidrs), "must not allow the whole internet", fix)
    if max_session_seconds is not None and not SHORTEST_SESSION <= max_session_seconds <= LONGEST_SESSION:
        allowed = f"must be {SHORTEST_SESSION} to {LONGEST_SESSION} seconds"
        yield Problem(f"{path}.maxSessionSeconds", max_session_seconds, allowed)


def _cover_everything(cidrs: Iterable[str]) -> bool:
    """Whether valid networks together contain every address."""
    return any(each.prefixlen == 0 for each in collapse_addresses(map(IPv4Network, cidrs)))
