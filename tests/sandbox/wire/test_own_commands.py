"""The commands that call OCI, on the wire: `playground preflight`, `playground tunnel` and `playground new`.

Nothing in them is replaced. The SDK calls Oracle's host names through the proxy of the sandbox's servers.
"""

import json
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import oci
import pytest
import yaml
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.project.stackfile import ROOT
from report.limits.account import read_limits
from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.oci.services import instance_agent
from sandbox.store import Store
from sandbox.wire.live import LiveServers
from sandbox.wire.profile import profile
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver
from tests.sandbox.oci.minimal import create_minimal

REGION = "us-ashburn-1"
BASTION = "oci:Bastion/bastion:Bastion"
SHAPE = "BM.GPU.MI300X.8"


@pytest.fixture
def live(
    key_folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LiveServers]:
    own = profile(Home(key_folder, key_folder), REGION)
    servers = LiveServers(Operations(store), own, REGION, tmp_path)
    login = ConfigParser()
    login["DEFAULT"] = own.sdk_config(REGION)
    (tmp_path / ".oci").mkdir()
    with (tmp_path / ".oci" / "config").open("w") as file:
        login.write(file)
    for name in ("OCI_CONFIG_FILE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", servers.proxy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(servers.certificate))
    yield servers
    servers.close()


@pytest.fixture
def driver(live: LiveServers, store: Store) -> Driver:
    return Driver(store)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def checks(result: Result) -> dict[str, Any]:
    return json.loads(result.output)


def test_preflight_reads_the_sandboxs_account(live: LiveServers, driver: Driver) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 8, region=REGION)
    result = run("preflight", "staging", "--json")
    assert result.exit_code == 0, result.output
    answers = {each["question"]: each["answer"] for each in checks(result)["checks"]}
    assert answers["the tenancy is subscribed to the region"]
    assert "8 GPUs needed, limit 8, 0 in use" in str(answers)
    limits = read_limits(result.output, "limits.json", "staging", datetime.now(UTC)).limits
    gpus, *cores = [each for each in limits if each.name in ("gpu-mi300x-count", "standard-e5-core-count")]
    assert (gpus.service, gpus.scope, gpus.needed, gpus.limit, gpus.used) == ("compute", "AD", 8, 8, 0)
    assert {(each.scope, each.needed) for each in cores} == {("AD", 8)}
    assert len(cores) == 3, "one in each domain over which the pool is spread"
    volumes = [each for each in limits if each.name == "volume-count"]
    assert all(each.limit is None for each in volumes), "the sandbox does not count volumes"


def test_preflight_names_a_limit_and_a_capacity_that_are_too_small(live: LiveServers, driver: Driver) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 4, region=REGION)
    driver.cloud.set_capacity(SHAPE, 0)
    result = run("preflight", "staging", "--json")
    assert result.exit_code == 1
    found = str(checks(result)["problems"])
    assert "needs 8 GPUs in" in found
    assert "OUT_OF_HOST_CAPACITY" in found


def test_preflight_without_a_connection_ends_with_a_message(
    live: LiveServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oci.retry.DEFAULT_RETRY_STRATEGY", None)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    result = run("preflight", "staging")
    assert result.exit_code == 1
    assert "preflight failed" in result.output
    assert "Traceback" not in result.output


def test_tunnel_opens_a_session_of_the_bastion_and_prints_the_command(
    live: LiveServers, driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.account.tunnel.POLL_SECONDS", 1)
    bastion = create_minimal(driver, BASTION)
    key, outputs = tmp_path / "id_rsa.pub", tmp_path / "outputs.json"
    key.write_text("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ test")
    outputs.write_text(json.dumps({"bastionId": bastion.id, "clusterEndpoint": "10.0.0.5:6443"}))
    words = ("tunnel", "staging", "--outputs", str(outputs), "--public-key", str(key), "--json")
    result = run(*words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["sessionId"].startswith("ocid1.bastionsession.")
    assert "6443:10.0.0.5:6443" in told["command"]


def test_tunnel_names_a_bastion_that_was_deleted(live: LiveServers, driver: Driver, tmp_path: Path) -> None:
    bastion = create_minimal(driver, BASTION)
    driver.delete(bastion)
    key, outputs = tmp_path / "id_rsa.pub", tmp_path / "outputs.json"
    key.write_text("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ test")
    outputs.write_text(json.dumps({"bastionId": bastion.id, "clusterEndpoint": "10.0.0.5:6443"}))
    result = run("tunnel", "staging", "--outputs", str(outputs), "--public-key", str(key), "--json")
    assert result.exit_code == 1
    assert "no tunnel" in result.output


@pytest.fixture
def project(live: LiveServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stack file of staging, on a machine with the sandbox's profile."""
    folder = tmp_path / "project"
    folder.mkdir()
    for file in ("Pulumi.yaml", "Pulumi.staging.yaml"):
        (folder / file).write_bytes((ROOT / file).read_bytes())
    monkeypatch.chdir(folder)
    monkeypatch.delenv("OCI_CLI_RC_FILE", raising=False)
    return folder


def compartment(above: str) -> str:
    """A compartment called qa."""
    details = oci.identity.models.CreateCompartmentDetails(compartment_id=above, name="qa", description="qa")
    client = oci.identity.IdentityClient(oci.config.from_file())
    made = str(client.create_compartment(details).data.id)  # pyright: ignore[reportOptionalMemberAccess]
    oci.wait_until(client, client.get_compartment(made), "lifecycle_state", "ACTIVE", max_interval_seconds=1)
    return made


def new_stack(*words: str) -> dict[str, Any]:
    result = run("new", "qa", "--from", "staging", "--json", *words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    return {
        "after": {each["path"]: each["after"] for each in told["changes"]},
        "find": {each["path"] for each in told["placeholders"]},
        "notes": told["notes"],
    }


def test_a_new_stack_gets_the_accounts_tenancy_compartment_image_and_free_range(
    project: Path,
) -> None:
    login = oci.config.from_file()
    own = compartment(login["tenancy"])
    details = oci.core.models.CreateVcnDetails(compartment_id=own, cidr_blocks=["10.1.0.0/16"])
    oci.core.VirtualNetworkClient(login).create_vcn(details)
    told = new_stack()
    assert told["after"]["tenancy.tenancyId"] == login["tenancy"]
    assert told["after"]["tenancy.compartmentId"] == own
    assert told["after"]["network.cidr"] == "10.2.0.0/16", "10.0 is staging's, and 10.1 exists in the account"
    assert told["after"]["cluster.pools[0].imageId"].startswith("ocid1.image.")
    assert "the account of profile DEFAULT was asked" in told["notes"]
    assert not told["find"] & {"tenancy.tenancyId", "tenancy.compartmentId", "cluster.pools[0].imageId"}


def test_of_two_compartments_with_the_name_none_is_chosen(project: Path) -> None:
    compartment(compartment(oci.config.from_file()["tenancy"]))
    told = new_stack()
    assert "tenancy.compartmentId" in told["find"]
    assert "2 compartments are called qa: choose one with --compartment" in told["notes"]


def test_a_new_stack_without_a_connection_has_placeholders(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    told = new_stack()
    assert "tenancy.tenancyId" in told["after"], "the profile names it"
    assert "cluster.pools[0].imageId" in told["find"]
    assert "the account could not be asked" in str(told["notes"])


QUOTA = "oci:Limits/quota:Quota"
RESERVATION = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"


def wrong(result: Result) -> list[tuple[str, str]]:
    """Path and rule of each problem of a preflight."""
    return [(each["path"], each["allowed"]) for each in checks(result)["problems"]]


def stack_file(folder: Path, **changes: Any) -> str:
    """A copy of staging whose GPU pool has other values."""
    text = (ROOT / "Pulumi.staging.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    found["config"]["genai-playground:gpu"]["pools"][0].update(changes)
    file = folder / "Pulumi.staging.yaml"
    file.write_text(yaml.safe_dump(found), encoding="utf-8")
    return str(file)


def test_preflight_names_a_quota_that_is_too_small(live: LiveServers, driver: Driver) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 8, region=REGION)
    statements = ["set compute-core quota gpu-mi300x-count to 4 in tenancy"]
    driver.create(QUOTA, compartmentId=TENANCY, name="few", description="few", statements=statements)
    ((path, allowed),) = wrong(run("preflight", "staging", "--json"))
    assert path == "gpu.pools[0].nodes"
    assert allowed.endswith("a quota policy allows the compartment 4")


@pytest.mark.parametrize(
    ("kernel", "system", "said"),
    [
        ("Oracle-Linux-8.10-OKE-1.35.2-1505", "Oracle Linux", "must contain Kubernetes 1.36, but"),
        ("appliance", "Windows", "must be Oracle Linux or Ubuntu, but is Windows"),
    ],
)
def test_preflight_names_an_image_whose_nodes_could_not_join(
    driver: Driver, tmp_path: Path, kernel: str, system: str, said: str
) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 8, region=REGION)
    made = image(driver, kernel, system)
    file = stack_file(tmp_path, imageId=made)
    found = wrong(run("preflight", "staging", "--config-file", file, "--json"))
    assert any(path == "gpu.pools[0].imageId" and said in allowed for path, allowed in found), found


def test_preflight_asks_for_the_plugin_of_rdma(
    live: LiveServers, driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 8, region=REGION)
    file = stack_file(tmp_path, imageId=image(driver, "Canonical-Ubuntu-24.04-ROCM", "Canonical Ubuntu"))
    words = ("preflight", "staging", "--config-file", file, "--json")
    assert "High Performance Computing; whether the image enables it" in run(*words).output
    monkeypatch.setattr(instance_agent, "PLUGINS", ("Compute Instance Monitoring",))
    found = wrong(run(*words))
    assert any("must have a system with the agent's plugin" in allowed for _, allowed in found), found


@pytest.mark.parametrize(("reserved", "good"), [(1, True), (0, False)])
def test_preflight_asks_whether_a_reservation_is_large_enough(
    live: LiveServers, driver: Driver, tmp_path: Path, reserved: int, good: bool
) -> None:
    driver.cloud.set_limit("gpu-mi300x-count", 8, region=REGION)
    configs = [{"instanceShape": SHAPE, "reservedCount": str(reserved)}]
    made = create_minimal(driver, RESERVATION, instanceReservationConfigs=configs)
    file = stack_file(tmp_path, capacityReservationId=made.id)
    found = wrong(run("preflight", "staging", "--config-file", file, "--json"))
    assert [path for path, _ in found] == ([] if good else ["gpu.pools[0].capacityReservationId"])


def image(driver: Driver, name: str, system: str) -> str:
    """The OCID of an imported image that fits the GPU shape."""
    made = create_minimal(driver, "oci:Core/image:Image", displayName=name)
    entry = driver.cloud.find(made.id)
    assert entry is not None
    outputs = {**entry.outputs, "operatingSystem": system, "operatingSystemVersion": "1"}
    driver.cloud.save(replace(entry, outputs=outputs))
    driver.create(
        "oci:Core/shapeManagement:ShapeManagement",
        compartmentId=COMPARTMENT,
        imageId=made.id,
        shapeName=SHAPE,
    )
    return made.id
