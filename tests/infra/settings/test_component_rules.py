"""The settings refuse what a component refuses, with the same message, before anything is created."""

import pytest

from tests.infra.settings.examples import Change, assert_named

IMPORTED = {"name": "Oracle-Linux-8.10-GPU.oci", "url": "https://objectstorage.example/n/x/b/y/o/z"}
PLACE = "ocid1.compartment.oc3..aaaaaaaaexample"
OTHER_REALM = "ocid1.image.oc2.us-langley-1.aaaaaaaaexample"

CASES: dict[str, tuple[list[Change], str, str]] = {
    "a bastion's client with host bits": (
        [("network.bastionClientCidrs", ["203.0.113.7/24"])],
        "network.bastionClientCidrs[0]",
        "'203.0.113.7/24'; must be a network address, without host bits. Use 203.0.113.0/24",
    ),
    "Oracle Linux in a pool with RDMA": (
        [("gpu.pools.0.imageId", None), ("gpu.pools.0.imageImport", IMPORTED)],
        "gpu.pools[0].imageImport.name",
        "must not be Oracle Linux in a pool with RDMA",
    ),
    "an image without a name": (
        [("gpu.pools.0.imageId", None), ("gpu.pools.0.imageImport", {**IMPORTED, "name": "."})],
        "gpu.pools[0].imageImport.name",
        "must be the name of the image file",
    ),
    "an image at no address": (
        [("gpu.pools.0.imageId", None), ("gpu.pools.0.imageImport", {"name": "i", "url": ""})],
        "gpu.pools[0].imageImport.url",
        "''; must be the https address of an object",
    ),
    "a package repository without encryption": (
        [("gpu.pools.0.nodePackagesUrl", "http://packages.example/ubuntu")],
        "gpu.pools[0].nodePackagesUrl",
        "must be an https address without spaces",
    ),
    "a VCN that holds no subnet": ([("network.cidr", "10.0.0.0/30")], "network.cidr", "must have room for"),
    "a private key in place of the public one": (
        [("gpu.pools.0.sshPublicKey", "-----BEGIN OPENSSH PRIVATE KEY-----")],
        "gpu.pools[0].sshPublicKey",
        "must be the public key: this is a private key",
    ),
    "too many taints for a node": (
        [("gpu.pools.0.taints", [f"key-{i}=value:PreferNoSchedule" for i in range(900)])],
        "gpu.pools[0].taints",
        "must be 20,000 bytes at most, together with the boot script and the taints of a node",
    ),
    "a taint twice": (
        [("gpu.pools.0.taints", ["a=b:PreferNoSchedule", "a=c:PreferNoSchedule"])],
        "gpu.pools[0].taints[1]",
        "must be the only taint with its key and effect",
    ),
    "an OCID of another realm": (
        [("gpu.pools.0.imageId", OTHER_REALM)],
        "gpu.pools[0].imageId",
        "must be in realm oc1, like us-ashburn-1, not in oc2",
    ),
    "a statement that names another realm": (
        [("identity", {"statements": {"x": f"Allow group a to read buckets in compartment id {PLACE}"}})],
        "identity.statements.x",
        "must be in realm oc1",
    ),
    "copies to another realm": (
        [("tenancy.secondRegion", "us-langley-1")],
        "tenancy.secondRegion",
        "must be in realm oc1, like us-ashburn-1, not in oc2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "message"), CASES.values(), ids=CASES)
def test_it_is_refused_by_the_settings(changes: list[Change], path: str, message: str):
    assert_named(changes, path, message)
