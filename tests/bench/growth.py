"""How the time for a resource grows with their number, beside a provider that does nothing."""

import tempfile
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.harness import engine_on, preview_seconds, up_seconds, write_project
from tests.bench.idle_provider import idle_providers

FEW, MANY = 250, 2000
BOUND = 1.3

PROGRAM = """
import pulumi
import pulumi_oci as oci
from pulumi_oci import core

count = pulumi.Config().require_int("count")
options = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
compartment = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=compartment, cidr_blocks=["10.0.0.0/16"]), opts=options)
group = None
for index in range(count - 2):
    if index % 50 == 0:
        group = core.NetworkSecurityGroup(
            f"group-{index}", core.NetworkSecurityGroupArgs(compartment_id=compartment, vcn_id=vcn.id), opts=options
        )
        continue
    core.NetworkSecurityGroupSecurityRule(
        f"rule-{index}",
        core.NetworkSecurityGroupSecurityRuleArgs(
            network_security_group_id=group.id, direction="INGRESS", protocol="6", source=f"10.0.{index % 250}.0/24",
            description=f"rule {index}",
        ),
        opts=options,
    )
"""


def times(count: int, *, idle: bool) -> tuple[float, float]:
    """Seconds for a resource, in a first preview and in the up after it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_project(folder, PROGRAM, f"config:\n  genai-playground:count: {count}\n")
        with engine_on(folder, idle_providers if idle else None) as process:
            return preview_seconds(process) / count, up_seconds(process) / count


def figures() -> list[Figure]:
    """Growth of the time for a resource from few to many: ours, with its absolute times, and the idle provider's."""
    few, many = times(FEW, idle=False), times(MANY, idle=False)
    idle_few, idle_many = times(FEW, idle=True), times(MANY, idle=True)
    return [
        Figure(
            f"time for a resource in {command}, {MANY} against {FEW}",
            many[index] / few[index],
            "x",
            f"{few[index] * 1000:.1f} to {many[index] * 1000:.1f} ms each; "
            f"idle provider {idle_few[index] * 1000:.1f} to {idle_many[index] * 1000:.1f} ms",
            BOUND,
        )
        for index, command in enumerate(("preview", "up"))
    ]
