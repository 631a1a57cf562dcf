"""An engine over several nodes is a LeaderWorkerSet with RDMA that serves, drains and fails as a whole."""

import json
from pathlib import Path

import kubernetes_validate
import pytest
from jsonschema import Draft202012Validator

from facts.problem import InvalidInput
from facts.vllm import SERVE_OPTIONS
from tests.serving.engine.test_model_server import NAME, served, variables

SCHEMA = Path("sandbox/kubernetes/api/schemas/leaderworkerset.x-k8s.io/v1/LeaderWorkerSet.json")


def recording(**changes):
    return served(**{"model": "kimi-k2", "nodes": 2, **changes})


def group(**changes):
    return recording(**changes).named(f"{NAME}-engine").inputs


def templates(**changes):
    found = group(**changes)["spec"]["leaderWorkerTemplate"]
    return found["leaderTemplate"], found["workerTemplate"]


def container(template):
    (only,) = template["spec"]["containers"]
    return only


def schema_of_the_group():
    """The stand-in's schema. Its references to Kubernetes' own types are checked separately."""
    text = (Path(__file__).parents[3] / SCHEMA).read_text(encoding="utf-8")
    schema = json.loads(text, object_hook=lambda found: {} if "$ref" in found else found)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
def test_the_group_passes_its_schema_and_its_pods_pass_the_clusters(version):
    inputs = group()
    assert list(schema_of_the_group().iter_errors(inputs)) == []
    for template in templates():
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}, "spec": template["spec"]}
        kubernetes_validate.validate(pod, version, strict=True)


def test_a_group_has_one_pod_per_node_which_uses_the_whole_node():
    spec = group(nodes=3)["spec"]["leaderWorkerTemplate"]
    assert spec["size"] == 3
    for template in (spec["leaderTemplate"], spec["workerTemplate"]):
        assert container(template)["resources"]["limits"]["amd.com/gpu"] == "8"
        assert container(template)["resources"]["limits"]["nvidia.com/rdma-vf"] == "8"
        networks = template["metadata"]["annotations"]["k8s.v1.cni.cncf.io/networks"]
        assert networks.split(",") == ["default/rdma-vf"] * 8, "one virtual function of each card"


def test_leader_and_workers_differ_in_rank_and_server_only():
    leader, worker = (container(template)["args"] for template in templates())
    assert "--node-rank=0" in leader
    assert {"--node-rank=$(LWS_WORKER_INDEX)", "--headless"} <= set(worker)
    assert set(worker) - set(leader) == {"--node-rank=$(LWS_WORKER_INDEX)", "--headless"}
    assert {"--nnodes=2", "--tensor-parallel-size=8", "--pipeline-parallel-size=2"} <= set(leader)
    assert "--master-addr=$(LWS_LEADER_ADDRESS)" in leader
    assert {each.partition("=")[0] for each in worker[1:]} <= SERVE_OPTIONS


def test_rccl_gets_the_shapes_settings_and_the_virtual_functions_prefix():
    found = variables(container(templates()[0]))
    assert found["NCCL_IB_HCA"] == "mlx5"
    assert found["NCCL_IB_GID_INDEX"] == "3"
    assert found["NCCL_MIN_NCHANNELS"] == "112"
    single = variables(served().named(f"{NAME}-engine").inputs["spec"]["template"]["spec"]["containers"][0])
    assert "NCCL_IB_HCA" not in single


def test_a_tuned_network_overrides_the_defaults():
    assert variables(container(templates(environment={"NCCL_IB_TC": "105"})[0]))["NCCL_IB_TC"] == "105"


def test_only_the_capability_to_pin_memory_is_added():
    for template in templates():
        security = container(template)["securityContext"]
        assert security["capabilities"] == {"drop": ["ALL"], "add": ["IPC_LOCK"]}
        assert security["privileged"] is False


def test_workers_run_until_the_leader_has_given_its_last_answer():
    leader, worker = templates(longest_stream_seconds=600, pre_stop_seconds=90)
    grace = {template["spec"]["terminationGracePeriodSeconds"] for template in (leader, worker)}
    assert grace == {90 + 600 + 15}
    assert container(leader)["lifecycle"]["preStop"]["sleep"]["seconds"] == 90
    assert container(worker)["lifecycle"]["preStop"]["sleep"]["seconds"] == 90 + 600
    assert group()["spec"]["leaderWorkerTemplate"]["restartPolicy"] == "RecreateGroupOnPodRestart"


def test_only_the_leader_has_probes_and_gets_requests():
    leader, worker = templates()
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container(leader))
    assert not {"startupProbe", "readinessProbe", "livenessProbe", "ports"} & set(container(worker))
    selector = recording().named(f"{NAME}-service").inputs["spec"]["selector"]
    assert selector.items() <= leader["metadata"]["labels"].items()
    assert not selector.items() <= worker["metadata"]["labels"].items()


def test_the_disruption_budget_covers_every_pod_of_a_group():
    selector = recording().named(f"{NAME}-disruption-budget").inputs["spec"]["selector"]["matchLabels"]
    for template in templates():
        assert selector.items() <= template["metadata"]["labels"].items()


def test_a_rollout_stops_a_group_before_it_starts_the_next_one():
    strategy = group()["spec"]["rolloutStrategy"]["rollingUpdateConfiguration"]
    assert strategy == {"maxSurge": 0, "maxUnavailable": 1}


def test_an_autoscaler_may_change_the_replicas_of_groups_too():
    owned = recording(autoscaled=True).named(f"{NAME}-engine")
    assert owned.ignore_changes == ("spec.replicas",)


def test_a_user_without_the_capability_is_refused():
    with pytest.raises(InvalidInput, match="needs a capability that only root has"):
        recording(run_as_user=2000, render_group=993)


def test_a_shape_whose_network_has_no_known_settings_is_refused():
    with pytest.raises(InvalidInput, match="no RCCL settings are known"):
        recording(shape="BM.GPU.MI355X.8")


def test_pods_of_one_engine_prefer_one_part_of_the_rdma_network():
    for template in templates(nearby="network-block"):
        (only,) = template["spec"]["affinity"]["podAffinity"][
            "preferredDuringSchedulingIgnoredDuringExecution"
        ]
        term = only["podAffinityTerm"]
        assert term["topologyKey"] == "oci.oraclecloud.com/rdma.network_block_id"
        assert term["matchLabelKeys"] == ["leaderworkerset.sigs.k8s.io/group-index"], (
            "not those of other engines"
        )
        selected = term["labelSelector"]["matchLabels"].items()
        assert selected <= template["metadata"]["labels"].items()
        assert (
            "requiredDuringSchedulingIgnoredDuringExecution"
            not in template["spec"]["affinity"]["podAffinity"]
        )


@pytest.mark.parametrize("nearby", [None, "anywhere"])
def test_pods_that_may_be_anywhere_prefer_nothing(nearby):
    assert not [each for each in templates(nearby=nearby) if "affinity" in each["spec"]]


def test_an_unknown_part_of_the_rdma_network_is_refused():
    with pytest.raises(InvalidInput, match=r"nearby.*must be one of network-block, local-block, anywhere"):
        recording(nearby="rack")
