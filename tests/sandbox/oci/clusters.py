"""A cluster and a node pool with the inputs of a program."""

from typing import Any

from tests.sandbox.oci.driver import CLUSTER, COMPARTMENT, NODE_POOL, Driver, Made
from tests.sandbox.oci.minimal import domains


def cluster(driver: Driver, version: str = "v1.34.2", *, public: bool = False, **more: Any) -> Made:
    subnet = driver.subnet(driver.vcn(dnsLabel="net"), dnsLabel="api")
    return driver.create(
        CLUSTER,
        "cluster",
        compartmentId=COMPARTMENT,
        vcnId=subnet.inputs["vcnId"],
        kubernetesVersion=version,
        endpointConfig={"subnetId": subnet.id, "isPublicIpEnabled": public},
        **more,
    )


def pool(driver: Driver, size: int) -> Made:
    parent = cluster(driver)
    subnet = parent.inputs["endpointConfig"]["subnetId"]
    options = driver.invoke("oci:ContainerEngine/getNodePoolOption:getNodePoolOption", nodePoolOptionId="all")
    places = [{"availabilityDomain": name, "subnetId": subnet} for name in domains(driver)[:2]]
    return driver.create(
        NODE_POOL,
        "pool",
        compartmentId=COMPARTMENT,
        clusterId=parent.id,
        kubernetesVersion="v1.34.2",
        nodeShape="VM.Standard.E5.Flex",
        nodeShapeConfig={"ocpus": 1, "memoryInGbs": 16},
        nodeSourceDetails={"sourceType": "IMAGE", "imageId": options["sources"][-1]["imageId"]},
        nodeConfigDetails={"size": size, "placementConfigs": places},
    )
