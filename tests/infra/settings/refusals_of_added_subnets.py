"""Wrong new subnets in an existing VCN, and wrong gateways for them, that need no account."""

from tests.infra.settings.examples import Change
from tests.infra.settings.refusals_of_existing import NET, NETWORK, SUBNETS, on_network
from tests.infra.settings.wrong.case import Wrong

GATEWAYS = f"{NET}.gateways"
NEW_GPU: Change = (f"{SUBNETS}.gpu", {"cidr": "10.0.3.0/24"})

ADDED_SUBNETS: list[Wrong] = [
    on_network(
        "a number as a subnet",
        [(f"{SUBNETS}.gpu", 5)],
        f"{SUBNETS}.gpu",
        "must be the OCID of a subnet, or `{cidr: …}`",
        others=True,
    ),
    on_network(
        "a range without its key",
        [(f"{SUBNETS}.gpu", "10.0.3.0/24")],
        f"{SUBNETS}.gpu",
        "Write {cidr: 10.0.3.0/24} for a new subnet",
    ),
    on_network(
        "a list of subnets",
        [(f"{SUBNETS}.gpu", [NETWORK["subnets"]["gpu"]])],
        f"{SUBNETS}.gpu",
        "must be the OCID of a subnet, or `{cidr: …}`",
        others=True,
    ),
    on_network(
        "an IPv6 range",
        [(f"{SUBNETS}.gpu", {"cidr": "fd00::/64"})],
        f"{SUBNETS}.gpu.cidr",
        "must be an IPv4 network",
    ),
    on_network(
        "an OCID and a range",
        [(f"{SUBNETS}.gpu", {"id": NETWORK["subnets"]["gpu"], "cidr": "10.0.3.0/24"})],
        f"{SUBNETS}.gpu",
        "must be the OCID of a subnet, or `{cidr: …}`",
    ),
    on_network(
        "a new subnet without a range",
        [(f"{SUBNETS}.gpu", {})],
        f"{SUBNETS}.gpu",
        "must be the OCID of a subnet, or `{cidr: …}`",
    ),
    on_network(
        "a range with host bits",
        [(f"{SUBNETS}.gpu", {"cidr": "10.0.3.1/24"})],
        f"{SUBNETS}.gpu.cidr",
        "without host bits. Use 10.0.3.0/24",
    ),
    on_network(
        "a range too small for its role",
        [(f"{SUBNETS}.pods", {"cidr": "10.0.3.0/28"})],
        f"{SUBNETS}.pods.cidr",
        "has 13 usable addresses and must have",
    ),
    on_network(
        "a range on another new subnet",
        [NEW_GPU, (f"{SUBNETS}.private", {"cidr": "10.0.3.128/25"})],
        f"{SUBNETS}.gpu.cidr",
        "must not overlap private, 10.0.3.128/25",
    ),
    on_network(
        "a range on the cluster's services",
        [(f"{SUBNETS}.gpu", {"cidr": "10.96.3.0/24"})],
        f"{SUBNETS}.gpu.cidr",
        "must not overlap the cluster's services, 10.96.0.0/16",
    ),
    on_network(
        "a range that OCI reserves",
        [(f"{SUBNETS}.gpu", {"cidr": "169.254.3.0/24"})],
        f"{SUBNETS}.gpu.cidr",
        "must not be in a range that OCI reserves",
    ),
    on_network(
        "a NAT gateway that no route would use",
        [
            NEW_GPU,
            (
                GATEWAYS,
                {
                    "natId": "ocid1.natgateway.oc1.iad.aaaa",
                    "drgId": "ocid1.drg.oc1.iad.aaaa",
                    "drgCidrs": ["0.0.0.0/0"],
                },
            ),
        ],
        f"{GATEWAYS}.natId",
        "must not be set with 0.0.0.0/0 in drgCidrs",
    ),
    on_network(
        "gateways without a new subnet",
        [(GATEWAYS, {"natId": "ocid1.natgateway.oc1.iad.aaaa"})],
        GATEWAYS,
        "must not be set without a new subnet",
    ),
    on_network(
        "a gateway of another kind",
        [NEW_GPU, (GATEWAYS, {"natId": "ocid1.internetgateway.oc1.iad.aaaa"})],
        f"{GATEWAYS}.natId",
        "must be the OCID of natgateway, not of internetgateway",
    ),
    on_network(
        "a gateway of another region",
        [NEW_GPU, (GATEWAYS, {"serviceId": "ocid1.servicegateway.oc1.phx.aaaa"})],
        f"{GATEWAYS}.serviceId",
        "must be in the environment's region",
    ),
    on_network(
        "a DRG without ranges",
        [NEW_GPU, (GATEWAYS, {"drgId": "ocid1.drg.oc1.iad.aaaa"})],
        f"{GATEWAYS}.drgCidrs",
        "must name the ranges behind the DRG",
    ),
    on_network(
        "OCI's own addresses behind the DRG",
        [NEW_GPU, (GATEWAYS, {"drgCidrs": ["169.254.0.0/16"]})],
        f"{GATEWAYS}.drgCidrs[0]",
        "must not be in a range that OCI reserves",
    ),
]
