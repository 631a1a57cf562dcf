"""The statements of quotas: what the sandbox reads, refuses and enforces."""

from typing import Any

import pytest

from sandbox.oci.errors import OciError
from sandbox.oci.services.quota_language import read_statement
from tests.sandbox.oci.conftest import AD1, AD2, COMPARTMENT, GPU, TENANCY, Refused, Service

QUOTA = "oci:Limits/quota:Quota"
INSTANCE = "oci:Core/instance:Instance"
VCN = "oci:Core/vcn:Vcn"
BELOW = "oci:Identity/compartment:Compartment"
GPUS = "gpu-mi300x-count"


def _quota(service: Service, *statements: str, name: str = "ours") -> None:
    service.create(QUOTA, compartmentId=TENANCY, name=name, statements=list(statements))


def _node(service: Service, domain: str = AD1, **inputs: Any) -> None:
    service.create(INSTANCE, availabilityDomain=domain, shape=GPU, **inputs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set compute-core quota gpu-mi300x-count in tenancy", "Unable to parse"),
        ("zero compute-core quota gpu-mi300x-count to 8 in tenancy", "Unable to parse"),
        ("zero compute-core gpu-mi300x-count in tenancy", "Unable to parse"),
        ("set compute-core quotas to 4 in tenancy", "Unable to parse"),
        (f"set vcn quota vcn-count to {10**20} in tenancy", "Unable to parse"),
        ("zero computer quota gpu-mi300x-count in tenancy", "Unknown quota family computer"),
        ("zero compute-core quota gpu-mi300-count in tenancy", "Unknown quota gpu-mi300-count"),
        ("zero compute-core quotas in tenancy where request.user = 'x'", "Unable to parse the condition"),
    ],
)
def test_a_wrong_statement_is_refused(text: str, message: str) -> None:
    with pytest.raises(OciError, match=message):
        read_statement(text)


def test_the_last_statement_of_a_quota_applies(service: Service, refused: Refused) -> None:
    _quota(
        service,
        f"zero compute-core quotas /gpu*/ in compartment {COMPARTMENT}",
        f"set compute-core quota {GPUS} to 8 in compartment {COMPARTMENT}",
    )
    _node(service)
    refused(400, "QuotaExceeded", GPUS, _node, service)
    _node(service, AD2)
    _quota(service, f"unset compute-core quota {GPUS} in compartment {COMPARTMENT}", name="later")
    refused(400, "QuotaExceeded", GPUS, _node, service)


def test_a_pattern_covers_all_that_it_matches_and_no_other(service: Service, refused: Refused) -> None:
    _quota(service, "zero compute-core quotas /gpu*/ in tenancy")
    refused(400, "QuotaExceeded", GPUS, _node, service)
    _quota(service, "zero compute-core quotas /standard*/ in tenancy", name="others")


def test_a_condition_limits_the_place(service: Service, refused: Refused) -> None:
    _quota(service, f"zero compute-core quota {GPUS} in tenancy where request.ad = '{AD1}'")
    refused(400, "QuotaExceeded", GPUS, _node, service)
    _node(service, AD2)
    elsewhere = "where any {request.region = us-phoenix-1, request.region = 'eu-frankfurt-1'}"
    _quota(service, f"zero vcn quota vcn-count in tenancy {elsewhere}", name="elsewhere")
    service.create(VCN, cidrBlocks=["10.0.0.0/16"])


def test_a_path_names_a_compartment_and_those_below_share_its_quota(
    service: Service, refused: Refused
) -> None:
    platform = service.create(BELOW, compartmentId=TENANCY, name="platform").id
    prod = service.create(BELOW, compartmentId=platform, name="prod").id
    other = service.create(BELOW, compartmentId=TENANCY, name="prod").id
    team = service.create(BELOW, compartmentId=prod, name="team").id
    _quota(service, "set vcn quota vcn-count to 1 in compartment platform:prod")
    service.create(VCN, cidrBlocks=["10.0.0.0/16"], compartmentId=team)
    wrong = {"cidrBlocks": ["10.1.0.0/16"], "compartmentId": prod}
    refused(400, "QuotaExceeded", "vcn-count", service.create, VCN, **wrong)
    for block in ("10.2.0.0/16", "10.3.0.0/16"):
        service.create(VCN, cidrBlocks=[block], compartmentId=other)


def test_a_quota_is_in_the_root_compartment(service: Service, refused: Refused) -> None:
    inputs = {"compartmentId": COMPARTMENT, "name": "ours", "statements": ["zero vcn quotas in tenancy"]}
    refused(400, "InvalidParameter", "root compartment", service.create, QUOTA, **inputs)
