"""Service limits, compartment quotas and available hosts."""

import pytest

from report.resources import from_state
from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from sandbox.own_limits import own_limits
from tests.report import states
from tests.sandbox.oci.conftest import (
    AD1,
    AD2,
    COMPARTMENT,
    GPU,
    POOL,
    TENANCY,
    Refused,
    Service,
    pool_inputs,
)

RESERVATION = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"


def test_more_gpus_than_the_limit_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    message = "The following service limits were exceeded: gpu-mi300x-count. Request a service limit increase"
    refused(400, "LimitExceeded", message, service.create, POOL, **pool_inputs(cluster, subnet, size=3))
    two = service.create(POOL, **pool_inputs(cluster, subnet, size=2))
    assert two.inputs["nodeConfigDetails"]["size"] == 2, "the limit counts GPUs: two nodes have 16"


def test_a_refusal_names_the_command_that_set_the_limit_and_the_one_that_resets_it(
    service: Service, cluster: Entry, subnet: Entry
) -> None:
    inputs = pool_inputs(cluster, subnet, size=1)
    service.cloud.set_limit("gpu-mi300x-count", 0)
    with pytest.raises(
        OciError, match=r"Sandbox: .*limits set gpu-mi300x-count 0.*limits unset gpu-mi300x-count"
    ):
        service.create(POOL, **inputs)
    service.cloud.set_limit("gpu-mi300x-count", 80)
    service.cloud.set_capacity(GPU, 0)
    with pytest.raises(OciError, match=rf"Sandbox: .*limits capacity {GPU} 0.*limits unset {GPU}"):
        service.create(POOL, **inputs)


def test_a_refusal_by_a_default_limit_names_no_command(
    service: Service, cluster: Entry, subnet: Entry
) -> None:
    with pytest.raises(OciError) as found:
        service.create(POOL, **pool_inputs(cluster, subnet, size=999))
    assert "Sandbox:" not in str(found.value)


def test_a_pool_that_grows_over_the_limit_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    one = service.create(POOL, **pool_inputs(cluster, subnet, size=1))
    service.create(POOL, **pool_inputs(cluster, subnet, size=1))
    details = pool_inputs(cluster, subnet, size=2)["nodeConfigDetails"]
    refused(400, "LimitExceeded", "gpu-mi300x-count", service.update, one, nodeConfigDetails=details)
    assert service.update(one, freeformTags={"owner": "ml"}), "an update that needs no more is not counted"


def test_the_gpu_limit_applies_to_each_availability_domain(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    spread = service.create(POOL, **pool_inputs(cluster, subnet, size=4, domains=(AD1, AD2)))
    assert spread.inputs["nodeConfigDetails"]["size"] == 4, "two nodes in each of two domains"
    refused(
        400,
        "LimitExceeded",
        "gpu-mi300x-count",
        service.create,
        POOL,
        **pool_inputs(cluster, subnet, domains=(AD2,)),
    )


def test_nodes_of_a_reservation_count_once(service: Service, cluster: Entry, subnet: Entry) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    reserved = service.create(
        RESERVATION, availabilityDomain=AD1,
        instanceReservationConfigs=[{"instanceShape": GPU, "reservedCount": 2}],
    )  # fmt: skip
    inputs = pool_inputs(cluster, subnet, size=2)
    inputs["nodeConfigDetails"]["placementConfigs"][0]["capacityReservationId"] = reserved.id
    assert service.create(POOL, **inputs), "the reservation has the 16 GPUs, and its nodes need no others"


def test_more_hosts_than_available_are_out_of_capacity(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_capacity(GPU, 1, availability_domain=AD1)
    service.create(POOL, **pool_inputs(cluster, subnet))
    refused(
        500, "InternalError", "Out of host capacity.", service.create, POOL, **pool_inputs(cluster, subnet)
    )
    assert service.create(POOL, **pool_inputs(cluster, subnet, domains=(AD2,))), "the other domain has hosts"


def test_more_gpus_than_a_compartment_quota_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.create(
        "oci:Limits/quota:Quota", compartmentId=TENANCY, name="gpus",
        statements=[f"set compute-core quota gpu-mi300x-count to 8 in compartment {COMPARTMENT}"],
    )  # fmt: skip
    service.create(POOL, **pool_inputs(cluster, subnet))
    refused(400, "QuotaExceeded", "gpu-mi300x-count", service.create, POOL, **pool_inputs(cluster, subnet))


def test_more_vcns_than_the_limit_are_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    service.cloud.set_limit("vcn-count", 1)
    message = "The following service limits were exceeded: vcn-count."
    refused(400, "LimitExceeded", message, service.create, "oci:Core/vcn:Vcn", cidrBlocks=["10.1.0.0/16"])


def test_the_report_of_a_change_gets_the_limits_with_what_is_used_of_them(
    service: Service, cluster: Entry, subnet: Entry
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 40, region="us-ashburn-1", availability_domain=AD1)
    inputs = pool_inputs(cluster, subnet, size=2, domains=(AD1, AD2))
    service.create(POOL, **inputs)
    provider = states.state("pulumi:providers:oci", "oci", {"region": "us-ashburn-1"})
    pool = states.state(POOL, "pool", inputs)
    there = own_limits(service.cloud, [from_state(provider), from_state(pool)])
    found = {(each.name, each.domain): (each.limit, each.used) for each in there.limits}
    assert found["gpu-mi300x-count", AD1] == (40, 8)
    assert found["gpu-mi300x-count", AD2] == (80, 8)
    assert found["vcn-count", None] == (50, 1)
    assert found["cluster-count", None] == (15, 1)
    assert not own_limits(service.cloud, [from_state(pool)]).limits
