"""A preview on the sandbox begins with the resources that the cloud will refuse in `up`, and the data that is lost."""

from pathlib import Path

import pytest

from report.danger import FORESEEN
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = """
import pulumi
import pulumi_oci as oci
from pulumi_oci import core, objectstorage

C, T = ("ocid1.%s.oc1.." % kind + "a" * 60 for kind in ("compartment", "tenancy"))
through = pulumi.ResourceOptions(
    provider=oci.Provider("oci", oci.ProviderArgs(region="us-ashburn-1", tenancy_ocid=T)))
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=C, cidr_blocks=["RANGE"], dns_label="vcn"), opts=through)
core.Subnet("subnet", core.SubnetArgs(
    compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.1.0/24", dns_label="nodes"), opts=through)
objectstorage.Bucket("uploads", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="NAME"), opts=through)
"""


def program(cidr: str, bucket: str) -> str:
    return PROGRAM.replace("RANGE", cidr).replace("NAME", bucket)


def test_a_preview_begins_with_what_is_refused_and_what_is_lost(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", program("10.0.0.0/16", "one"))
    project.up().check()

    project.write_program(program("10.8.0.0/16", "two"))
    output = project.preview().check().output
    before, _, after = output.partition("Previewing update")
    said = " ".join(line.strip() for line in before.splitlines())
    assert "Resources:" in after, "the engine's own output follows"
    assert said.startswith(f"REFUSED: vcn: {FORESEEN}: 400-"), "refusals come first"
    assert "DANGER: 1 lost" in said
    assert "uploads (bucket): replaced; you lose its objects; because of name: one → two" in said
    assert project.up().status != 0, "the warning is true"

    project.write_program(program("10.0.0.0/16", "one"))
    assert FORESEEN not in project.preview().check().output


TWINS = """
for name in ("one", "other"):
    core.Subnet(name, core.SubnetArgs(
        compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.2.0/24", dns_label=name), opts=through)
"""


def test_a_first_preview_refuses_two_new_resources_that_clash(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", program("10.0.0.0/16", "one") + TWINS)
    output = project.preview().check().output
    (refused,) = [line for line in output.splitlines() if line.startswith("REFUSED")]
    assert refused.startswith(("REFUSED: one:", "REFUSED: other:")), "the engine shows them in either order"
    assert project.up().status != 0, "the warning is true"
