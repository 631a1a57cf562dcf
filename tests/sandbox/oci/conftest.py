"""A new cloud for each test, with or without the provider.

Without it, `Service` runs the rules of each call and saves the resource if none refuses.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import OciError
from sandbox.oci.ids import is_global, new_ocid, ocid_type
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, run_rules
from sandbox.store import Store, now, open_store
from tests.sandbox.oci.driver import Driver

REGION = "us-ashburn-1"
TENANCY = "ocid1.tenancy.oc1..aaaatenancy"
COMPARTMENT = "ocid1.compartment.oc1..aaaacompartment"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
POOL = "oci:ContainerEngine/nodePool:NodePool"
BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
SET = "oci:LoadBalancer/backendSet:BackendSet"
GPU = "BM.GPU.MI300X.8"
CPU = "VM.Standard.E5.Flex"
AD1 = "Uocm:US-ASHBURN-AD-1"
AD2 = "Uocm:US-ASHBURN-AD-2"
CHECK = {"protocol": "HTTP", "urlPath": "/health", "intervalMs": 10000, "timeoutInMillis": 3000}
Refused = Callable[..., None]
"""Type of the fixture `refused`."""


class Service:
    """Creates, updates and deletes as the provider does, without schema checks."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def create(self, token: str, region: Any = REGION, outputs: Any = None, **inputs: Any) -> Entry:
        """`inputs` have Pulumi's names. The default compartment is that of the tests."""
        inputs = {"compartmentId": COMPARTMENT} | inputs
        with self.cloud.transaction():
            run_rules(Call(self.cloud, token, "create", region, inputs, None, "urn"))
            kind = ocid_type(token)
            entry = Entry(
                id=new_ocid(kind, region),
                token=token,
                urn="urn",
                region="" if is_global(kind) else region,
                compartment_id=inputs["compartmentId"],
                state="ACTIVE",
                inputs=inputs,
                outputs=outputs or {},
                created_at=now(),
            )
            self.cloud.save(entry)
        return entry

    def update(self, entry: Entry, **inputs: Any) -> Entry:
        """Change some inputs."""
        merged = entry.inputs | inputs
        with self.cloud.transaction():
            run_rules(Call(self.cloud, entry.token, "update", entry.region or REGION, merged, entry, "urn"))
            changed = replace(entry, inputs=merged)
            self.cloud.save(changed)
        return changed

    def delete(self, entry: Entry) -> None:
        """Delete a resource."""
        with self.cloud.transaction():
            call = Call(self.cloud, entry.token, "delete", entry.region or REGION, entry.inputs, entry, "urn")
            run_rules(call)
            self.cloud.remove(entry.id)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "cloud.db") as opened:
        yield opened


@pytest.fixture
def driver(store: Store) -> Driver:
    return Driver(store)


@pytest.fixture
def cloud(store: Store) -> Cloud:
    return Cloud(store)


@pytest.fixture
def service(cloud: Cloud) -> Service:
    return Service(cloud)


@pytest.fixture
def vcn(service: Service) -> Entry:
    return service.create("oci:Core/vcn:Vcn", cidrBlocks=["10.0.0.0/16"], dnsLabel="playground")


@pytest.fixture
def subnet(service: Service, vcn: Entry) -> Entry:
    return service.create("oci:Core/subnet:Subnet", vcnId=vcn.id, cidrBlock="10.0.3.0/24", dnsLabel="gpu")


def small_subnet(service: Service, vcn: Entry, **inputs: Any) -> Entry:
    return service.create("oci:Core/subnet:Subnet", vcnId=vcn.id, dnsLabel="small", **inputs)


@pytest.fixture
def cluster(service: Service, subnet: Entry) -> Entry:
    return service.create(
        CLUSTER, vcnId=subnet.inputs["vcnId"], kubernetesVersion="v1.36.1", type="ENHANCED_CLUSTER",
        clusterPodNetworkOptions=[{"cniType": "OCI_VCN_IP_NATIVE"}],
    )  # fmt: skip


def pool_inputs(
    cluster: Entry, subnet: Entry, size: int = 1, domains: tuple[str, ...] = (AD1,)
) -> dict[str, Any]:
    return {
        "clusterId": cluster.id,
        "kubernetesVersion": "v1.36.1",
        "nodeShape": GPU,
        "nodeConfigDetails": {
            "size": size,
            "placementConfigs": [{"availabilityDomain": each, "subnetId": subnet.id} for each in domains],
        },
    }


def make_balancer(service: Service, subnet: Entry, **inputs: Any) -> Entry:
    given: dict[str, Any] = {
        "displayName": "entry",
        "shape": "flexible",
        "shapeDetails": {"minimumBandwidthInMbps": 10, "maximumBandwidthInMbps": 100},
        "subnetIds": [subnet.id],
        **inputs,
    }
    return service.create(BALANCER, **given)


@pytest.fixture
def balancer(service: Service, subnet: Entry) -> Entry:
    return make_balancer(service, subnet)


@pytest.fixture
def api(service: Service, balancer: Entry) -> Entry:
    return service.create(
        SET, loadBalancerId=balancer.id, name="api", policy="ROUND_ROBIN", healthChecker=CHECK
    )


@pytest.fixture
def refused() -> Callable[..., None]:
    """Expect a call to be refused: refused(409, "Conflict", "part of the message", call, *arguments)."""

    def check(
        status: int, code: str, message: str, call: Callable[..., object], *args: Any, **inputs: Any
    ) -> None:
        assert message, "any refusal would have an empty text in its message"
        with pytest.raises(OciError) as found:
            call(*args, **inputs)
        error = found.value
        assert (error.status, error.code) == (status, code), str(error)
        assert message in error.message, f"the message should say {message!r}: {error.message}"

    return check
