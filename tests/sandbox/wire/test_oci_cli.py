"""Three commands of each service by the real OCI CLI, and the commands of the page."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.sandbox.oci.driver import CLUSTER, Driver
from tests.sandbox.oci.minimal import minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Oci, Wire, cli_environment
from tools.oci_cli.build import obtain

pytestmark = pytest.mark.prove
PAGE = Path(__file__).parents[3] / "docs" / "wire.md"


def test_network(run_oci: Oci) -> None:
    made = run_oci(
        "network", "vcn", "create", "--compartment-id", COMPARTMENT, "--cidr-blocks", '["10.0.0.0/16"]'
    )
    listed = run_oci("network", "vcn", "list", "--compartment-id", COMPARTMENT)
    run_oci("network", "vcn", "delete", "--vcn-id", made["id"], "--force")
    assert [each["id"] for each in listed] == [made["id"]]


def test_identity(run_oci: Oci, wire: Wire) -> None:
    root = wire.profile.tenancy
    named = ("--name", "one", "--description", "a test")
    made = run_oci("iam", "compartment", "create", "--compartment-id", root, *named)
    assert run_oci("iam", "compartment", "get", "--compartment-id", made["id"])["name"] == "one"
    assert len(run_oci("iam", "availability-domain", "list", "--compartment-id", root)) == 3


def test_object_storage(run_oci: Oci, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("content")
    run_oci("os", "bucket", "create", "--compartment-id", COMPARTMENT, "--name", "notes")
    run_oci("os", "object", "put", "--bucket-name", "notes", "--file", str(file))
    listed = run_oci("os", "object", "list", "--bucket-name", "notes")
    assert [(each["name"], each["size"]) for each in listed] == [("a.txt", 7)]


def test_compute_and_block_volume(run_oci: Oci, wire: Wire) -> None:
    domain = run_oci("iam", "availability-domain", "list", "--compartment-id", wire.profile.tenancy)[0][
        "name"
    ]
    volume = run_oci(
        "bv", "volume", "create", "--compartment-id", COMPARTMENT, "--availability-domain", domain,
        "--size-in-gbs", "100",
    )  # fmt: skip
    assert run_oci("bv", "volume", "get", "--volume-id", volume["id"])["size-in-gbs"] == 100
    shapes = run_oci("compute", "shape", "list", "--compartment-id", COMPARTMENT)
    assert "BM.GPU.MI300X.8" in {each["shape"] for each in shapes}


def test_kubernetes(run_oci: Oci, wire: Wire) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    made = driver.create(CLUSTER, **minimal(driver, CLUSTER))
    assert run_oci("ce", "cluster", "get", "--cluster-id", made.id)["id"] == made.id
    assert len(run_oci("ce", "cluster", "list", "--compartment-id", made.inputs["compartmentId"])) == 1
    assert run_oci("ce", "cluster-options", "get", "--cluster-option-id", "all")["kubernetes-versions"]


def test_the_commands_of_the_page(wire: Wire) -> None:
    blocks = re.findall(r"```sh cli\n(.*?)```", PAGE.read_text(), re.DOTALL)
    environment = cli_environment(wire)
    environment["PATH"] = f"{obtain().parent}:{environment['PATH']}"
    for block in blocks:
        done = subprocess.run(
            ["bash", "-euc", block], env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "first" in done.stdout
