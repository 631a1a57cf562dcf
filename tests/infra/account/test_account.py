"""Preflight and tunnel, with accounts and bastions that return what a test needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.account.image_checks import NodeImageFacts
from infra.account.limit_checks import Availability
from infra.account.preflight import Reservation, preflight
from infra.account.tunnel import (
    Target,
    TunnelError,
    open_session,
    public_key,
    ssh_command,
    target_from_outputs,
)
from infra.settings import load
from tests.infra.settings.examples import IMAGE, Change, config, external

DOMAIN = "Uocm:US-ASHBURN-AD-1"
SHAPE, CPU_SHAPE = "BM.GPU.MI300X.8", "VM.Standard.E5.Flex"

ENOUGH = Availability(available=8, used=0)
RESERVED = Reservation(reserved=1, used=0)


@dataclass
class Account:
    """An account that supports the example."""

    regions: Sequence[str] = ("us-ashburn-1",)
    domains: Sequence[str] = (DOMAIN,)
    offered: Sequence[str] = (SHAPE,)
    left: Availability = ENOUGH
    status: tuple[str, int | None] = ("AVAILABLE", 1)
    versions: Sequence[str] = ("v1.35.2", "v1.36.1")
    images: dict[str, list[str]] = field(default_factory=lambda: {IMAGE: [SHAPE, CPU_SHAPE]})
    image_name: str = "Canonical-Ubuntu-24.04-KERNEL-ORACLE-6.8-AMD-ROCM-724"
    system: str = "Canonical Ubuntu"
    reserved: Reservation | None = RESERVED
    plugins: Sequence[str] = ("High Performance Computing",)

    def reservation(self, reservation_id: str, shape: str) -> Reservation | None:
        return self.reserved

    def agent_plugins(self, system: str, release: str) -> Sequence[str]:
        return self.plugins

    def subscribed_regions(self) -> Sequence[str]:
        return self.regions

    def home_region(self) -> str:
        return self.regions[0]

    def availability_domains(self) -> Sequence[str]:
        return self.domains

    def shapes(self, availability_domain: str) -> Sequence[str]:
        return self.offered

    def limit(self, name: str, availability_domain: str | None) -> Availability:
        return self.left if name == "gpu-mi300x-count" else Availability(None, None)

    def capacity(self, shape: str, availability_domain: str) -> tuple[str, int | None]:
        return self.status

    def kubernetes_versions(self) -> Sequence[str]:
        return self.versions

    def image(self, image_id: str) -> NodeImageFacts | None:
        return NodeImageFacts(name=self.image_name, system=self.system) if image_id in self.images else None

    def image_shapes(self, image_id: str) -> Sequence[str] | None:
        return self.images.get(image_id)


def problems(account: Account, *changes: Change) -> list[str]:
    checks = preflight(load(config(*changes), "test"), account)
    return [str(check.problem) for check in checks if check.problem]


def test_an_account_that_supports_the_stack_passes():
    assert problems(Account()) == []


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (
            Account(regions=("us-phoenix-1",)),
            "tenancy.region: 'us-ashburn-1'; must be subscribed: us-phoenix-1",
        ),
        (
            Account(regions=("us-phoenix-1", "us-ashburn-1")),
            "must be the tenancy's home region, us-phoenix-1",
        ),
        (Account(versions=("v1.35.2",)), "cluster.kubernetesVersion: 'v1.36.1'; must be one of v1.35.2"),
        (
            Account(domains=()),
            "gpu.pools[0].availabilityDomain: 1; must be 0 or less: the region has no more",
        ),
        (Account(offered=()), f"gpu.pools[0].shape: '{SHAPE}'; is not offered in {DOMAIN}"),
        (Account(left=Availability(0, 4)), "needs 8 GPUs in Uocm:US-ASHBURN-AD-1; the limit is 4"),
        (Account(left=Availability(8, 0, 4)), "a quota policy allows the compartment 4. Change the quota"),
        (
            Account(plugins=("Compute HPC RDMA Authentication",)),
            "must have a system with the agent's plugin High",
        ),
        (Account(status=("OUT_OF_HOST_CAPACITY", None)), "has no capacity in Uocm:US-ASHBURN-AD-1 now"),
        (Account(images={}), "must be an image that this account can read"),
        (Account(images={IMAGE: [CPU_SHAPE]}), f"must be compatible with {SHAPE}. Add the shape"),
        (Account(images={IMAGE: [SHAPE]}), f"cluster.pools[0].imageId: '{IMAGE}'; must be compatible with"),
        (
            Account(image_name="Oracle-Linux-8.10-2026.05.19-0-OKE-1.35.2-1505", system="Oracle Linux"),
            "must contain Kubernetes 1.36, but Oracle-Linux-8.10-2026.05.19-0-OKE-1.35.2-1505 contains 1.35.2",
        ),
        (
            Account(image_name="Windows-Server-2022", system="Windows"),
            f"cluster.pools[0].imageId: '{IMAGE}'; must be Oracle Linux or Ubuntu, but is Windows",
        ),
        (
            Account(image_name="imported", system="Custom"),
            f"gpu.pools[0].imageId: '{IMAGE}'; must be Oracle Linux or Ubuntu, but is Custom",
        ),
    ],
    ids=[
        "region",
        "home",
        "version",
        "domain",
        "shape",
        "limit",
        "quota",
        "plugin",
        "capacity",
        "image",
        "compatibility",
        "compatibility of the CPU pool",
        "minor of an image",
        "system of a CPU pool",
        "system of a GPU pool",
    ],
)
def test_whatever_the_account_lacks_is_named(account: Account, message: str):
    found = problems(account)
    assert any(message in text for text in found), found


@pytest.mark.parametrize(
    "name",
    [
        "Oracle-Linux-9.7-2026.06.15-0-OKE-1.36.1-1505",
        "Oracle-Linux-8.10-2026.05.19-0-OKE-1.36.0-1499",
        "Oracle-Linux-8.10-2026.05.19-0",
        "OL8-custom",
    ],
)
def test_images_with_the_same_minor_version_or_no_version_pass(name: str):
    assert problems(Account(image_name=name, system="Oracle Linux")) == []


def test_an_unknown_version_of_an_ubuntu_image_is_reported():
    checks = preflight(load(config(), "test"), Account())
    answers = [check.answer for check in checks if "contains Kubernetes 1.36" in check.question]
    assert answers
    assert all("unknown to OCI: look for /opt/oke-node-client-packages" in answer for answer in answers)


def test_an_image_needs_no_packages_if_a_repository_is_set():
    url = "https://packages.example.com/kubernetes-1.36"
    checks = preflight(load(config(("gpu.pools.0.nodePackagesUrl", url)), "test"), Account())
    assert any(url in check.answer for check in checks)


def test_the_limit_must_cover_the_most_nodes_that_an_autoscaler_may_add():
    found = problems(Account(left=Availability(8, 0)), *external(1, 2))
    assert any("needs 16 GPUs" in text for text in found)


def test_a_limit_that_oci_does_not_return_is_no_problem():
    assert problems(Account(left=Availability(None, None))) == []


def test_capacity_is_not_checked_with_a_reservation():
    reservation = ("gpu.pools.0.capacityReservationId", "ocid1.capacityreservation.oc1.iad.aaaa")
    assert problems(Account(status=("OUT_OF_HOST_CAPACITY", None)), reservation) == []


@pytest.mark.parametrize(
    ("reserved", "message"),
    [
        (Reservation(reserved=0, used=0), "has 0 instances of BM.GPU.MI300X.8; the pool needs 1"),
        (None, "must be a reservation of BM.GPU.MI300X.8 that this account can read"),
    ],
)
def test_a_reservation_must_contain_the_pools_nodes(reserved: Reservation | None, message: str):
    key = "ocid1.capacityreservation.oc1.iad.aaaa"
    found = problems(Account(reserved=reserved), ("gpu.pools.0.capacityReservationId", key))
    assert any(f"gpu.pools[0].capacityReservationId: '{key}'; {message}" in text for text in found), found


def test_the_two_older_plugins_are_as_good_as_the_newer_one_and_pools_without_rdma_need_none():
    older = ("Compute HPC RDMA Authentication", "Compute HPC RDMA Auto-Configuration")
    assert problems(Account(plugins=older)) == []
    assert problems(Account(plugins=()), ("gpu.pools.0.rdma", False)) == []


@dataclass
class Session:
    """A bastion session in the form of the SDK."""

    lifecycle_state: str
    id: str = "ocid1.bastionsession.oc1.iad.x"
    lifecycle_details: str | None = None
    ssh_metadata: dict[str, str] = field(
        default_factory=lambda: {
            "command": "ssh -i <privateKey> -N -L <localPort>:10.0.0.5:6443 -p 22 ocid1.x@host.bastion.example"
        }
    )


@dataclass
class Response:
    data: Session


class Bastions:
    """A bastion whose session goes through the given states."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.details: Any = None

    def create_session(self, details: Any, /) -> Response:
        self.details = details
        return self.get_session("")

    def get_session(self, session_id: str, /) -> Response:
        return Response(Session(self.states.pop(0) if len(self.states) > 1 else self.states[0]))


TARGET = Target("ocid1.bastion.oc1.iad.x", "10.0.0.5", 6443)


def test_a_session_forwards_to_the_api_endpoint():
    bastions = Bastions("CREATING", "CREATING", "ACTIVE")
    session = open_session(bastions, TARGET, "ssh-rsa AAAA", "test-api", sleep=lambda _: None)
    target = bastions.details.target_resource_details
    assert (target.target_resource_private_ip_address, target.target_resource_port) == ("10.0.0.5", 6443)
    assert ssh_command(session, Path("/keys/id_rsa"), 7443) == [
        "ssh",
        *("-o", "ServerAliveInterval=30", "-o", "ExitOnForwardFailure=yes"),
        *("-i", "/keys/id_rsa", "-N", "-L", "7443:10.0.0.5:6443", "-p", "22", "ocid1.x@host.bastion.example"),
    ]


def test_a_session_without_a_command_is_said():
    session = Session("ACTIVE", ssh_metadata={})
    with pytest.raises(TunnelError, match="OCI gave no ssh command"):
        ssh_command(session, Path("/keys/id_rsa"), 7443)


def test_a_session_that_fails_says_why():
    with pytest.raises(TunnelError, match="the session is FAILED"):
        open_session(Bastions("FAILED"), TARGET, "ssh-rsa AAAA", "test-api", sleep=lambda _: None)


def test_waiting_for_a_session_ends_after_two_minutes():
    with pytest.raises(TunnelError, match="not ready after 120 s"):
        open_session(Bastions("CREATING"), TARGET, "ssh-rsa AAAA", "test-api", sleep=lambda _: None)


def test_the_target_comes_from_the_stacks_outputs():
    assert target_from_outputs({"bastionId": TARGET.bastion_id, "clusterEndpoint": "10.0.0.5:6443"}) == TARGET


def test_a_stack_without_a_cluster_has_no_target():
    with pytest.raises(TunnelError, match="no cluster yet"):
        target_from_outputs({"bastionId": TARGET.bastion_id})


def test_without_an_ssh_key_the_message_says_how_to_create_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(TunnelError, match="ssh-keygen"):
        public_key(None)
