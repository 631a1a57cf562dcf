"""Claims that name a volume are bound to it, or are refused with the reason."""

import pytest

from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import RefusedError, deployment, entry
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release
from tests.sandbox.kubernetes.provider.test_objects import Body, Engine


def volume(**changes: object) -> Body:
    spec = {
        "capacity": {"storage": "100Gi"},
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "",
        "local": {"path": "/mnt/cache"},
        "nodeAffinity": {
            "required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "pool", "operator": "Exists"}]}]}
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "cache"},
        "spec": {**spec, **changes},
    }


def claim(**changes: object) -> Body:
    spec = {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "",
        "volumeName": "cache",
        "resources": {"requests": {"storage": "100Gi"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "cache"},
        "spec": {**spec, **changes},
    }


def test_a_claim_is_bound_to_the_volume_it_names(engine: Engine) -> None:
    engine.create(volume(), name="volume")
    made = engine.create(claim(), name="claim")
    assert made.outputs["status"] == {"phase": "Bound", "capacity": {"storage": "100Gi"}}


@pytest.mark.parametrize(
    ("of_volume", "of_claim", "words"),
    [
        ({}, {"volumeName": "other"}, 'volume "other" not found'),
        ({}, {"accessModes": ["ReadWriteOnce"]}, "incompatible accessMode"),
        ({"storageClassName": "local"}, {}, "storageClassName does not match"),
        ({"capacity": {"storage": "10Gi"}}, {}, "requested PV is too small"),
        ({"claimRef": {"namespace": "a", "name": "b"}}, {}, "already bound to a different claim"),
    ],
)
def test_a_claim_whose_volume_does_not_fit_never_becomes_ready(
    engine: Engine, of_volume: Body, of_claim: Body, words: str
) -> None:
    engine.create(volume(**of_volume), name="volume")
    with pytest.raises(RefusedError) as refused:
        engine.create(claim(**of_claim), name="claim")
    assert any(words in reason for reason in refused.value.reasons)


KEY = "ocid1.key.oc1.iad.vault.aaaavolumes"
BLOCK = "Allow service blockstorage to use keys in tenancy"
CLUSTERS = (
    "Allow any-user to use key-delegates in tenancy "
    "where ALL {{request.principal.type = '{}', target.key.id = '{}'}}"
)


def encrypted_class(**changes: object) -> Body:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "encrypted",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "blockvolume.csi.oraclecloud.com",
        "parameters": {"kms-key-id": KEY},
        "volumeBindingMode": "Immediate",
        **changes,
    }


def grant(cloud: Cloud, *statements: str) -> None:
    cloud.save(entry(KEY, "oci:Kms/key:Key", {"displayName": "volumes"}))
    policy = {"name": "keys", "compartmentId": "ocid1.tenancy.oc1..aa", "statements": list(statements)}
    cloud.save(entry("ocid1.policy.oc1..aaaakeys", "oci:Identity/policy:Policy", policy))


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ((), "service blockstorage is not allowed to use the key"),
        ((BLOCK,), "principal (of type cluster) is not allowed to pass on the key"),
        ((BLOCK, CLUSTERS.format("nodepool", KEY)), "of type cluster) is not allowed to pass on the key"),
        (
            (BLOCK, CLUSTERS.format("cluster", "ocid1.key.oc1.iad.vault.other")),
            "not allowed to pass on the key",
        ),
    ],
)
def test_a_claim_stays_pending_while_a_principal_may_not_use_its_key(
    engine: Engine, cloud: Cloud, statements: tuple[str, ...], words: str
) -> None:
    grant(cloud, *statements)
    engine.create(encrypted_class(), name="class")
    wanted = claim(storageClassName="encrypted", volumeName=None, accessModes=["ReadWriteOnce"])
    with pytest.raises(RefusedError) as refused:
        engine.create(wanted, name="claim")
    assert "NotAuthorizedOrNotFound" in str(refused.value.reasons)
    assert words in str(refused.value.reasons)


def test_a_claim_is_bound_if_block_volume_and_clusters_may_use_its_key(engine: Engine, cloud: Cloud) -> None:
    grant(cloud, BLOCK, CLUSTERS.format("cluster", KEY))
    engine.create(encrypted_class(), name="class")
    made = engine.create(claim(storageClassName="encrypted", volumeName=None), name="claim")
    assert made.outputs["status"]["phase"] == "Bound"


def test_a_pod_waits_for_a_claim_that_will_never_be_bound(engine: Engine, cloud: Cloud) -> None:
    grant(cloud, BLOCK)
    engine.create(encrypted_class(volumeBindingMode="WaitForFirstConsumer"), name="class")
    engine.create(claim(storageClassName="encrypted", volumeName=None), name="claim")
    pod = {
        "containers": [{"name": "web", "image": "web"}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
    }
    with pytest.raises(RefusedError) as refused:
        engine.create(deployment(pod=pod), name="web")
    assert 'persistentvolumeclaim "cache" is pending' in str(refused.value.reasons)


def test_a_chart_fails_if_the_key_of_its_volumes_has_no_grants(engine: Engine, cloud: Cloud) -> None:
    grant(cloud, BLOCK)
    engine.create(encrypted_class(volumeBindingMode="WaitForFirstConsumer"), name="class")
    template = {"spec": {"resources": {"requests": {"storage": "100Gi"}}}}
    values = {"prometheus": {"prometheusSpec": {"storageSpec": {"volumeClaimTemplate": template}}}}
    with pytest.raises(RefusedError, match="waiting for a volume: failed to provision"):
        engine.create(release(values=values), TOKEN)
    grant(cloud, BLOCK, CLUSTERS.format("cluster", KEY))
    assert engine.create(release(values=values), TOKEN).outputs["status"]["status"] == "deployed"


def test_a_claim_without_a_class_gets_the_newest_default_class(engine: Engine, cloud: Cloud) -> None:
    unmarked = {"metadata": {"name": "plain"}}
    wanted = claim(storageClassName=None, volumeName=None)
    grant(cloud, BLOCK, CLUSTERS.format("cluster", KEY))
    engine.create(encrypted_class(**unmarked), name="plain")
    before = engine.create({**wanted, "metadata": {"name": "before"}}, name="before")
    engine.create(encrypted_class(), name="class")
    after = engine.create({**wanted, "metadata": {"name": "after"}}, name="after")
    assert [each.outputs["spec"]["storageClassName"] for each in (before, after)] == ["oci-bv", "encrypted"]


def test_a_claim_without_a_class_needs_the_grants_of_the_default_class(engine: Engine, cloud: Cloud) -> None:
    grant(cloud, BLOCK)
    engine.create(encrypted_class(), name="class")
    with pytest.raises(RefusedError) as refused:
        engine.create(claim(storageClassName=None, volumeName=None), name="claim")
    assert "not allowed to pass on the key" in str(refused.value.reasons)
