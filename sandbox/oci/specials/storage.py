"""Buckets, file systems, vaults, keys and secrets."""

import uuid
from typing import Any

from sandbox.oci.addresses import private_addresses
from sandbox.oci.computed import Making, namespace_of, special
from sandbox.oci.ids import derived_ocid
from sandbox.oci.specials.companions import companion

_KMS = "https://{unique}-{side}.kms.{region}.oraclecloud.com"


@special("oci:ObjectStorage/bucket:Bucket")
def bucket(making: Making) -> dict[str, Any]:
    outputs = making.outputs
    return {
        "bucketId": derived_ocid("bucket", making.region, making.id),
        "etag": str(uuid.uuid4()),
        "namespace": outputs.get("namespace") or namespace_of(making.tenancy),
        "accessType": outputs.get("accessType") or "NoPublicAccess",
        "storageTier": outputs.get("storageTier") or "Standard",
        "versioning": outputs.get("versioning") or "Disabled",
        "autoTiering": outputs.get("autoTiering") or "Disabled",
        "approximateCount": "0",
        "approximateSize": "0",
    }


@special("oci:FileStorage/mountTarget:MountTarget")
def mount_target(making: Making) -> dict[str, Any]:
    """An export set of its own and an address of the subnet, which stay."""
    old = making.old or {}
    address = old.get("ipAddress") or making.inputs.get("ipAddress")
    subnet_id = str(making.inputs.get("subnetId"))
    return {
        "exportSetId": companion(
            making,
            "oci:FileStorage/exportSet:ExportSet",
            displayName=f"{making.outputs.get('displayName')} - export set",
            availabilityDomain=making.inputs.get("availabilityDomain"),
            mountTargetId=making.id,
        ),
        "ipAddress": address or private_addresses(making.cloud, subnet_id)[0],
        "privateIpIds": [derived_ocid("privateip", making.region, making.id)],
    }


@special("oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem")
def lustre(making: Making) -> dict[str, Any]:
    """The address of its management service, which stays, and the name of its network."""
    old, subnet_id = making.old or {}, str(making.inputs.get("subnetId"))
    address = old.get("managementServiceAddress") or private_addresses(making.cloud, subnet_id)[0]
    return {"managementServiceAddress": address, "lnet": "tcp"}


@special("oci:Kms/vault:Vault")
def vault(making: Making) -> dict[str, Any]:
    facts = {"unique": making.unique, "region": making.region}
    return {
        "cryptoEndpoint": _KMS.format(side="crypto", **facts),
        "managementEndpoint": _KMS.format(side="management", **facts),
        "isPrimary": True,
    }


@special("oci:Kms/key:Key")
def key(making: Making) -> dict[str, Any]:
    endpoint = making.inputs.get("managementEndpoint")
    vaults = making.cloud.all("oci:Kms/vault:Vault")
    mine = (each.id for each in vaults if each.outputs.get("managementEndpoint") == endpoint)
    return {
        "currentKeyVersion": derived_ocid("keyversion", making.region, making.id),
        "vaultId": next(mine, ""),
        "protectionMode": making.inputs.get("protectionMode") or "HSM",
        "isPrimary": True,
    }


@special("oci:Kms/keyVersion:KeyVersion")
def key_version(making: Making) -> dict[str, Any]:
    version = making.id.rsplit("/", 1)[-1]
    return {"keyVersionId": version, "isPrimary": True}


@special("oci:Vault/secret:Secret")
def secret(making: Making) -> dict[str, Any]:
    before = (making.old or {}).get("currentVersionNumber") or "0"
    changed = making.old is None or making.old.get("secretContent") != making.outputs.get("secretContent")
    return {"currentVersionNumber": str(int(before) + 1) if changed else before}
