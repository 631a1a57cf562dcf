"""Buckets, file systems, vaults, keys and secrets."""

import uuid
from typing import Any

from sandbox.oci.addresses import private_addresses
from sandbox.oci.computed import CreateContext, namespace_of, special
from sandbox.oci.ids import derived_ocid
from sandbox.oci.specials.companions import companion

_KMS = "https://{unique}-{side}.kms.{region}.oraclecloud.com"


@special("oci:ObjectStorage/bucket:Bucket")
def bucket(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    return {
        "bucketId": derived_ocid("bucket", context.region, context.id),
        "etag": str(uuid.uuid4()),
        "namespace": outputs.get("namespace") or namespace_of(context.tenancy),
        "accessType": outputs.get("accessType") or "NoPublicAccess",
        "storageTier": outputs.get("storageTier") or "Standard",
        "versioning": outputs.get("versioning") or "Disabled",
        "autoTiering": outputs.get("autoTiering") or "Disabled",
        "approximateCount": "0",
        "approximateSize": "0",
    }


@special("oci:FileStorage/mountTarget:MountTarget")
def mount_target(context: CreateContext) -> dict[str, Any]:
    """An export set of its own and an address of the subnet, which stay."""
    old = context.old or {}
    address = old.get("ipAddress") or context.inputs.get("ipAddress")
    subnet_id = str(context.inputs.get("subnetId"))
    return {
        "exportSetId": companion(
            context,
            "oci:FileStorage/exportSet:ExportSet",
            displayName=f"{context.outputs.get('displayName')} - export set",
            availabilityDomain=context.inputs.get("availabilityDomain"),
            mountTargetId=context.id,
        ),
        "ipAddress": address or private_addresses(context.cloud, subnet_id)[0],
        "privateIpIds": [derived_ocid("privateip", context.region, context.id)],
    }


@special("oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem")
def lustre(context: CreateContext) -> dict[str, Any]:
    """The address of its management service, which stays, and the name of its network."""
    old, subnet_id = context.old or {}, str(context.inputs.get("subnetId"))
    address = old.get("managementServiceAddress") or private_addresses(context.cloud, subnet_id)[0]
    return {"managementServiceAddress": address, "lnet": "tcp"}


@special("oci:Kms/vault:Vault")
def vault(context: CreateContext) -> dict[str, Any]:
    facts = {"unique": context.unique, "region": context.region}
    return {
        "cryptoEndpoint": _KMS.format(side="crypto", **facts),
        "managementEndpoint": _KMS.format(side="management", **facts),
        "isPrimary": True,
    }


@special("oci:Kms/key:Key")
def key(context: CreateContext) -> dict[str, Any]:
    endpoint = context.inputs.get("managementEndpoint")
    vaults = context.cloud.all("oci:Kms/vault:Vault")
    mine = (each.id for each in vaults if each.outputs.get("managementEndpoint") == endpoint)
    return {
        "currentKeyVersion": derived_ocid("keyversion", context.region, context.id),
        "vaultId": next(mine, ""),
        "protectionMode": context.inputs.get("protectionMode") or "HSM",
        "isPrimary": True,
    }


@special("oci:Kms/keyVersion:KeyVersion")
def key_version(context: CreateContext) -> dict[str, Any]:
    version = context.id.rsplit("/", 1)[-1]
    return {"keyVersionId": version, "isPrimary": True}


@special("oci:Vault/secret:Secret")
def secret(context: CreateContext) -> dict[str, Any]:
    before = (context.old or {}).get("currentVersionNumber") or "0"
    changed = context.old is None or context.old.get("secretContent") != context.outputs.get("secretContent")
    return {"currentVersionNumber": str(int(before) + 1) if changed else before}
