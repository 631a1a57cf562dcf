"""Which controls of the CIS OCI Foundations Benchmark a stack meets, from its resources.

Each check looks at what Oracle's checker looks at (facts/cis.py names it), in what the stack creates.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from facts.cis import Control, controls
from report.resources import Resource

from . import network, nodes, people, storage, watching
from .finding import Finding

Check = Callable[[Sequence[Resource]], "list[Finding] | None"]

CHECKS: Mapping[str, Check] = {
    "1.1": people.all_resources,
    "1.2": people.all_resources_in_tenancy,
    "1.3": people.users_and_groups,
    "1.14": people.own_identity,
    "1.15": people.storage_deletion,
    **{f"2.{place + 1}": network.port_in_lists(port) for place, port in enumerate((22, 3389))},
    **{f"2.{place + 3}": network.port_in_groups(port) for place, port in enumerate((22, 3389))},
    "2.5": network.default_lists,
    "2.6": network.none_of("oci:Integration/integrationInstance:IntegrationInstance"),
    "2.7": network.none_of("oci:Analytics/analyticsInstance:AnalyticsInstance"),
    "2.8": network.private_databases,
    "3.1": nodes.metadata_service,
    "3.2": nodes.secure_boot,
    "3.3": nodes.encryption_in_transit,
    "4.1": watching.creator_tag,
    "4.2": watching.topics,
    **{f"4.{number}": watching.notices(f"4.{number}") for number in (*range(3, 13), 15, 18)},
    "4.13": network.flow_logs,
    "4.14": watching.cloud_guard,
    "4.16": storage.rotation,
    "4.17": watching.write_logs,
    "5.1.1": storage.private_buckets,
    "5.1.2": storage.bucket_keys,
    "5.1.3": storage.versioning,
    "5.2.1": storage.keys_of("oci:Core/volume:Volume"),
    "5.2.2": nodes.boot_volume_keys,
    "5.3.1": storage.keys_of("oci:FileStorage/fileSystem:FileSystem"),
    "6.1": storage.own_compartment,
    "6.2": storage.root_compartment,
}
"""The check of each control. A control of people's accounts has none."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a control is for a stack."""

    control: Control
    status: str
    """One of `facts.cis.STATUSES`."""

    findings: Sequence[Finding]
    """What breaks it, and what is an exception."""


def verdicts(resources: Sequence[Resource]) -> list[Verdict]:
    """The verdict on each control."""
    created = [each for each in resources if each.custom]
    return [_verdict(control, created) for control in controls()]


def _verdict(control: Control, resources: Sequence[Resource]) -> Verdict:
    check = CHECKS.get(control.number)
    if check is None:
        return Verdict(control=control, status="account", findings=())
    found = check(resources)
    if found is None:
        return Verdict(control=control, status="absent", findings=())
    broken = [each for each in found if not each.reason]
    status = "unmet" if broken else "exceptions" if found else "met"
    return Verdict(control=control, status=status, findings=broken or found)


def figure(found: Sequence[Verdict]) -> tuple[int, int]:
    """How many controls are met, with and without exceptions, and how many apply to what the stack creates."""
    judged = [each for each in found if each.status not in ("account", "absent")]
    return sum(each.status != "unmet" for each in judged), len(judged)
