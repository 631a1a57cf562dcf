"""The all-reduce over two nodes, as objects."""

import json

import pytest

from facts.problem import InvalidInput
from facts.rccl import ALL_REDUCE_SOURCE, rccl_variables
from facts.shapes import MI300X
from sandbox.kubernetes.api.pod_security import violation
from serving.engine.all_reduce_args import AllReduceTestArgs
from serving.engine.all_reduce_test import AllReduceTest
from serving.jobs import all_reduce, script
from tests.support.cluster_schema import check_objects
from tests.support.monitor import kubernetes_options, run

IMAGE = "a/rccl-tests@sha256:" + "a" * 64


def made(preview=False, **changes):
    given = {
        "namespace": "all-reduce",
        "pool_name": "mi300x",
        "node_selector": {"pool": "prod-mi300x"},
        "shape": "BM.GPU.MI300X.8",
        "image": IMAGE,
        "rclone_image": IMAGE,
        "bucket": "prod-results",
        "bucket_namespace": "example",
        "compartment_id": "ocid1.compartment.oc1..x",
        "region": "us-ashburn-1",
    }

    def program():
        AllReduceTest("test", AllReduceTestArgs(**{**given, **changes}), kubernetes_options())

    return run(program, preview=preview)


def cron(**changes):
    return made(**changes).named("test-cron-job").inputs["spec"]


def job(**changes):
    return cron(**changes)["jobTemplate"]["spec"]


def pod(**changes):
    return job(**changes)["template"]["spec"]


def container(name, **changes):
    return next(each for each in pod(**changes)["containers"] if each["name"] == name)


def argument(name, **changes):
    words = container("measure", **changes)["args"]
    return words[words.index(name) + 1]


@pytest.mark.parametrize("version", ["1.34", "1.36"])
def test_objects_pass_the_clusters_schema_and_a_first_preview_shows_them(version):
    recording = made()
    check_objects(recording.resources, version)
    assert {each.name for each in made(preview=True).resources} == {each.name for each in recording.resources}


def test_it_has_two_pods_of_which_each_takes_a_whole_node():
    assert (job()["completionMode"], job()["completions"], job()["parallelism"]) == ("Indexed", 2, 2)
    limits = container("measure")["resources"]["limits"]
    assert (limits["amd.com/gpu"], limits["nvidia.com/rdma-vf"]) == ("8", "8")
    networks = job()["template"]["metadata"]["annotations"]["k8s.v1.cni.cncf.io/networks"]
    assert networks.split(",") == ["default/rdma-vf"] * 8
    assert pod()["nodeSelector"] == {
        "node.kubernetes.io/instance-type": "BM.GPU.MI300X.8",
        "pool": "prod-mi300x",
    }


def test_the_pods_find_each_other_by_a_headless_service():
    service = made().named("test-service").inputs
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["publishNotReadyAddresses"] is True
    assert service["metadata"]["name"] == pod()["subdomain"] == argument("--service")
    assert service["spec"]["selector"].items() <= job()["template"]["metadata"]["labels"].items()
    assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}, "it has pods only in a run"


def test_a_failed_pod_does_not_stop_the_other_before_its_result_is_stored():
    assert job()["backoffLimitPerIndex"] == 0
    assert "backoffLimit" not in job()


def test_a_pod_without_a_figure_ends_the_job_so_that_the_other_pod_does_not_wait_with_its_gpus():
    (rule,) = job()["podFailurePolicy"]["rules"]
    assert rule["action"] == "FailJob"
    codes = rule["onExitCodes"]
    assert (codes["operator"], codes["values"]) == ("In", [all_reduce.NO_FIGURE])
    assert codes["containerName"] == container("measure")["name"]


def test_it_measures_with_the_variables_of_engines_over_nodes():
    variables = {each["name"]: each.get("value") for each in container("measure")["env"]}
    assert (rccl_variables(MI300X) or {}).items() <= variables.items()


def test_its_pods_have_no_privileges_except_locked_memory():
    context = container("measure")["securityContext"]
    assert context["capabilities"] == {"drop": ["ALL"], "add": ["IPC_LOCK"]}
    assert (context["privileged"], context["allowPrivilegeEscalation"]) == (False, False)
    assert not pod().get("hostNetwork")
    assert violation({"pod-security.kubernetes.io/enforce": "baseline"}, pod()), (
        "IPC_LOCK needs another level"
    )
    assert violation({"pod-security.kubernetes.io/enforce": "privileged"}, pod()) is None


def test_the_script_accepts_the_arguments_of_the_job():
    given = all_reduce.read_arguments(["measure", *container("measure")["args"]])
    assert (given.gpus, given.message_gib, given.wait) == (8, 16, 1800)
    assert set(given.floors) == set(all_reduce.FLOORS)
    assert made().named("test-script").inputs["data"] == {"all_reduce.py": script("all_reduce.py")}


def test_floors_are_those_of_the_shape_with_their_sources():
    floors = json.loads(argument("--floors"))
    assert floors["busGbs"] == {"value": 350, "source": ALL_REDUCE_SOURCE}
    assert (floors["links"]["value"], floors["linkGbps"]["value"]) == (8, 400)
    assert floors["linkErrors"] == {"value": 0, "source": "unverified"}


@pytest.mark.parametrize("changes", [{"bus_gbs": 300}, {"message_gib": 8}])
def test_a_floor_of_ones_own_or_for_other_messages_is_unverified(changes):
    floor = json.loads(argument("--floors", **changes))["busGbs"]
    assert floor["value"] == changes.get("bus_gbs", 350)
    assert floor["source"].startswith("unverified")


def test_results_are_stored_by_workload_identity_when_the_measurement_has_ended():
    keeper = container("keep")
    variables = {each["name"]: each["value"] for each in keeper["env"]}
    assert variables["RCLONE_CONFIG_RESULTS_PROVIDER"] == "workload_identity_auth"
    assert variables["FROM"] == "results:prod-results/all-reduce/mi300x"
    assert keeper["command"][-1].startswith("until [ -e /results/done ]")
    assert pod()["serviceAccountName"] == made().named("test-account").inputs["metadata"]["name"]


def test_it_runs_by_itself_only_on_a_schedule():
    assert cron()["suspend"] is True
    assert (cron(schedule="0 3 * * 0")["suspend"], cron()["concurrencyPolicy"]) == (False, "Forbid")


def test_it_ends_in_any_case():
    assert job(wait_minutes=10)["activeDeadlineSeconds"] == 600 + 2 * 900


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shape": "VM.Standard.E5.Flex"}, "test.shape"),
        ({"shape": "BM.GPU.MI355X.8"}, "published RCCL settings"),
        ({"image": "a/rccl-tests:latest"}, "test.image"),
        ({"bus_gbs": 4000}, "test.busGbs"),
    ],
)
def test_what_cannot_be_measured_is_refused(changes, said):
    with pytest.raises(InvalidInput, match=said):
        made(**changes)


def test_both_pods_prefer_one_part_of_the_rdma_network():
    assert "affinity" not in pod()
    found = pod(nearby="local-block")["affinity"]["podAffinity"]
    (only,) = found["preferredDuringSchedulingIgnoredDuringExecution"]
    assert only["podAffinityTerm"]["topologyKey"] == "oci.oraclecloud.com/rdma.local_block_id"
    assert only["podAffinityTerm"]["matchLabelKeys"] == ["batch.kubernetes.io/job-name"]
    with pytest.raises(InvalidInput, match=r"test\.nearby"):
        made(nearby="rack")
