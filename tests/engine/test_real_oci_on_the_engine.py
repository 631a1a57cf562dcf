"""The engine with a real OCI provider on the sandbox's cloud. A stub is in the place of the provider's binary."""

import json
from pathlib import Path

import pytest

from sandbox.oci_plugin import wanted_version
from tests.support.sandbox_project import SandboxProject
from tests.support.stub_plugin import calls, write_stub

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = """
import pulumi_oci as oci
oci.core.Vcn("one", compartment_id="ocid1.compartment.oc1..aaaatest", cidr_blocks=["10.0.0.0/16"], display_name="NAME")
"""


def vcns(project: SandboxProject) -> list[str]:
    """The names of the cloud's VCNs."""
    return [each["name"] for each in project.cloud() if each["type"] == "oci:Core/vcn:Vcn"]


def test_up_refresh_update_and_destroy_go_to_the_installed_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "calls"
    folder = tmp_path / "pulumi" / "plugins" / f"resource-oci-v{wanted_version()}"
    write_stub(folder / "pulumi-resource-oci", log)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    monkeypatch.setenv("SANDBOX_PROVIDERS", "oci=real")
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM.replace("NAME", "first"))
    project.up().check()
    assert vcns(project) == ["first"]
    project.up("--expect-no-changes").check()
    project.sandbox("refresh", "--yes", "--stack", "staging", "--expect-no-changes").check()
    project.write_program(PROGRAM.replace("NAME", "second"))
    project.up().check()
    assert vcns(project) == ["second"]
    assert "BEGIN PRIVATE KEY" not in json.dumps(project.state())
    project.destroy().check()
    assert project.cloud() == []
    assert {"Create", "Read", "Update", "Delete"} <= {each["call"] for each in calls(log)}
