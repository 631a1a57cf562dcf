"""Checks of nodes: their metadata, boot and volumes."""

from report.resources import Resource, as_mapping

from .finding import (
    CONFIGURATION,
    NODE_POOL,
    Finding,
    Findings,
    Resources,
    broken,
    is_bare_metal,
    launch_of,
    of_types,
)


def metadata_service(resources: Resources) -> Findings:
    """Nodes with version 1 of the metadata service."""

    def wrong(each: Resource) -> bool:
        if each.type == CONFIGURATION:
            return (
                as_mapping(launch_of(each).get("instanceOptions")).get("areLegacyImdsEndpointsDisabled")
                is not True
            )
        return as_mapping(each.inputs.get("nodeMetadata")).get("areLegacyImdsEndpointsDisabled") != "true"

    return broken(of_types(resources, NODE_POOL, CONFIGURATION), wrong)


def secure_boot(resources: Resources) -> Findings:
    """Nodes without Secure Boot. A node pool has no field for it."""
    pools = [Finding(each.name, "node pools have no field for it") for each in of_types(resources, NODE_POOL)]
    own = [
        Finding(each.name, "GPU drivers are not signed for it" if is_bare_metal(each) else "")
        for each in of_types(resources, CONFIGURATION)
        if as_mapping(launch_of(each).get("platformConfig")).get("isSecureBootEnabled") is not True
    ]
    return [*pools, *own] or None


def encryption_in_transit(resources: Resources) -> Findings:
    """Nodes whose data is not encrypted on its way to their volumes. OCI has no setting for bare metal."""
    nodes = of_types(resources, NODE_POOL, CONFIGURATION)

    def encrypted(each: Resource) -> bool:
        pool = as_mapping(each.inputs.get("nodeConfigDetails")).get("isPvEncryptionInTransitEnabled")
        return True in (pool, launch_of(each).get("isPvEncryptionInTransitEnabled"))

    return (
        [
            Finding(each.name, "OCI has no setting for bare metal" if is_bare_metal(each) else "")
            for each in nodes
            if not encrypted(each)
        ]
        if nodes
        else None
    )


def boot_volume_keys(resources: Resources) -> Findings:
    """Nodes whose boot volumes have no customer's key."""

    def wrong(each: Resource) -> bool:
        pool = as_mapping(each.inputs.get("nodeConfigDetails")).get("kmsKeyId")
        return not (pool or as_mapping(launch_of(each).get("sourceDetails")).get("kmsKeyId"))

    return broken(of_types(resources, NODE_POOL, CONFIGURATION), wrong)
