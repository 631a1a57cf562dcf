"""The node cache: a local volume on each node, and a claim that is bound to it by name."""

import pytest

from facts.problem import InvalidInput
from serving.engine.pod.node_cache import NodeCache, NodeCacheArgs
from tests.support.cluster_schema import check_objects
from tests.support.monitor import kubernetes_options, run

PLAIN = {
    "namespace": "serving",
    "claim_name": "engine-cache",
    "path": "/mnt/nvme/engine-cache",
    "node_selector": {"pool": "mi300x"},
}


def cache(preview=False, **changes):
    def program():
        NodeCache("cache", NodeCacheArgs(**{**PLAIN, **changes}), kubernetes_options())

    return run(program, preview=preview)


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
def test_volume_and_claim_pass_the_clusters_schema(version):
    recording = cache()
    check_objects(recording.children(recording.named("cache")), version)


def test_the_claim_is_bound_to_its_volume_and_nothing_is_provisioned():
    recording = cache()
    volume, claim = recording.named("cache-volume").inputs, recording.named("cache-claim").inputs
    assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
    assert claim["spec"]["storageClassName"] == volume["spec"]["storageClassName"] == ""


def test_no_other_claim_can_bind_the_volume():
    recording = cache()
    volume, claim = recording.named("cache-volume").inputs, recording.named("cache-claim").inputs
    kept_for = volume["spec"]["claimRef"]
    assert kept_for["kind"] == claim["kind"] == "PersistentVolumeClaim"
    assert (kept_for["namespace"], kept_for["name"]) == ("serving", claim["metadata"]["name"])


def test_the_volume_is_local_to_the_nodes_that_have_the_folder():
    spec = cache().named("cache-volume").inputs["spec"]
    assert spec["local"] == {"path": "/mnt/nvme/engine-cache"}
    assert "hostPath" not in spec
    (term,) = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "pool", "operator": "In", "values": ["mi300x"]}]
    assert spec["persistentVolumeReclaimPolicy"] == "Retain"


def test_a_first_preview_shows_both():
    recording = cache(preview=True)
    assert len(recording.children(recording.named("cache"))) == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"path": "cache"}, "cache.path"),
        ({"path": "/"}, "cache.path"),
        ({"path": "/mnt/../etc"}, "cache.path"),
        ({"claim_name": "Cache"}, "cache.claimName"),
        ({"node_selector": {}}, "cache.nodeSelector"),
    ],
)
def test_a_wrong_cache_is_refused(change, place):
    with pytest.raises(InvalidInput) as refused:
        cache(**change)
    assert [problem.path for problem in refused.value.problems] == [place]
