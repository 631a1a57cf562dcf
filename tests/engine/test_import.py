"""`sandbox import TYPE NAME ID` takes an existing resource into the stack, and `up` then changes nothing."""

from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = """
import pulumi
from pulumi_oci import core

core.Vcn("net", core.VcnArgs(
    compartment_id="ocid1.compartment.oc1.." + "a" * 60, cidr_blocks=["10.0.0.0/16"], display_name="net"),
    opts=pulumi.ResourceOptions(protect=True))
"""
VCN = "oci:Core/vcn:Vcn"


def test_a_resource_that_left_the_state_is_imported_by_its_id(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM)
    project.up().check()
    (vcn,) = [each for each in project.state() if each["type"] == VCN]
    project.sandbox("state", "delete", vcn["urn"], "--force", "--yes", "--stack", project.stack).check()
    assert not [each for each in project.state() if each["type"] == VCN]

    imported = project.sandbox("import", VCN, "net", vcn["id"], "--yes", "--stack", project.stack).check()
    assert "the imported resources are protected" in imported.output
    assert "Nothing changes." in imported.output.partition("What the program would still change of it")[2]
    (found,) = [each for each in project.state() if each["type"] == VCN]
    assert (found["id"], found["protect"]) == (vcn["id"], True)
    assert found["inputs"]["cidrBlocks"] == ["10.0.0.0/16"]
    project.up("--expect-no-changes").check()
    there = [each["id"] for each in project.cloud() if each["type"] == VCN]
    assert there == [vcn["id"]], "nothing was created twice"


def test_an_id_that_does_not_exist_is_not_imported(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", "")
    project.up().check()
    missing = "ocid1.subnet.oc1.iad." + "a" * 60
    refused = project.sandbox("import", VCN, "net", missing, "--yes", "--stack", project.stack)
    assert refused.status != 0
    assert "does not exist" in refused.output
