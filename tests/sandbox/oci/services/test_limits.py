"""What quotas refuse, and the available part of a limit."""

from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, Driver
from tests.sandbox.oci.minimal import domains

LIMIT_VALUES = "oci:Limits/getLimitValues:getLimitValues"


def test_the_gpu_limit_counts_gpus_and_goes_down_with_use(driver: Driver) -> None:
    token = "oci:Limits/getResourceAvailability:getResourceAvailability"
    domain = domains(driver)[0]
    arguments = {
        "compartmentId": TENANCY,
        "serviceName": "compute",
        "limitName": "gpu-mi300x-count",
        "availabilityDomain": domain,
    }
    driver.cloud.set_limit("gpu-mi300x-count", 16, region="us-ashburn-1", availability_domain=domain)
    before = driver.invoke(token, **arguments)
    driver.create(
        "oci:Core/instance:Instance",
        compartmentId=COMPARTMENT,
        availabilityDomain=domain,
        shape="BM.GPU.MI300X.8",
    )

    after = driver.invoke(token, **arguments)

    assert (before["available"], before["used"]) == ("16", "0")
    assert (after["available"], after["used"]) == ("8", "8")


def test_limits_are_listed_by_domain(driver: Driver) -> None:
    rows = driver.invoke(LIMIT_VALUES, compartmentId=TENANCY, serviceName="compute", name="gpu-mi300x-count")

    assert [row["availabilityDomain"] for row in rows["limitValues"]] == domains(driver)


def test_a_quota_without_statements_is_refused(service: Service, refused: Refused) -> None:
    refused(
        400,
        "InvalidParameter",
        "statements size must be at least 1",
        service.create,
        "oci:Limits/quota:Quota",
        name="gpus",
    )


def test_an_unreadable_quota_is_refused(service: Service, refused: Refused) -> None:
    statements = ["set compute-core quota gpu-mi300x-count in tenancy"]
    refused(
        400, "InvalidParameter", "Unable to parse",
        service.create, "oci:Limits/quota:Quota", name="gpus", statements=statements,
    )  # fmt: skip
