"""The model server under the strict monitor, and its objects against the cluster's own schema."""

import pulumi
import pulumi_kubernetes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.problem import InvalidInput
from facts.vllm import SERVE_OPTIONS
from serving.catalogue import catalogue
from serving.engine.deadlines import Drain
from serving.engine.model_server import ModelServer
from serving.engine.startup import startup_budget
from tests.support.cluster_schema import check_objects
from tests.support.model_servers import arguments
from tests.support.monitor import UNKNOWN, kubernetes_options, run

NAME = "chat"


def served(preview=False, opts=None, **changes):
    def program():
        server = ModelServer(NAME, arguments(**changes), kubernetes_options(opts=opts))
        pulumi.export("url", server.url)
        pulumi.export("model", server.model_name)
        pulumi.export("service", server.service_name)

    return run(program, preview=preview)


def deployment(**changes):
    return served(**changes).named(f"{NAME}-engine")


def pod(**changes):
    return deployment(**changes).inputs["spec"]["template"]["spec"]


def engine(**changes):
    (container,) = pod(**changes)["containers"]
    return container


def variables(container):
    return {each["name"]: each.get("value") for each in container["env"]}


def test_one_deployment_one_service_and_one_disruption_budget_are_created():
    recording = served()
    component = recording.named(NAME)
    assert component.type == "genai:index:ModelServer"
    assert [child.name for child in recording.children(component)] == [
        "chat-disruption-budget",
        "chat-engine",
        "chat-service",
    ]


@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
@pytest.mark.parametrize("model", sorted(catalogue()))
def test_every_object_of_every_model_passes_the_clusters_schema(model, version):
    full = {"hugging_face_secret": "hub", "cache_claim": "weights", "run_as_user": 2000, "render_group": 993}
    recording = served(model=model, **full)
    check_objects(recording.children(recording.named(NAME)), version)


def test_the_outputs_have_the_models_address_and_name():
    recording = served(service_name="qwen", served_name="Qwen3-32B")
    assert recording.exports == {
        "url": "http://qwen.serving.svc.cluster.local:8000",
        "model": "Qwen3-32B",
        "service": "qwen",
    }


def test_a_first_preview_shows_every_object_though_the_namespace_is_unknown():
    def program():
        unknown = pulumi_kubernetes.Provider("other").id
        ModelServer(NAME, arguments(namespace=unknown), kubernetes_options())

    recording = run(program, preview=True)
    children = recording.children(recording.named(NAME))
    assert len(children) == 3
    assert all(child.inputs["metadata"]["namespace"] == UNKNOWN for child in children)


def test_the_pod_has_no_privileges_and_no_host_paths():
    spec = pod()
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "privileged": False,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostIPC", "hostPID"} & set(spec)
    assert all("hostPath" not in volume for volume in spec["volumes"])
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


def test_the_pod_runs_on_the_gpu_nodes_of_its_shape():
    spec = pod(node_selector={"pool": "a"})
    assert spec["nodeSelector"] == {"node.kubernetes.io/instance-type": "BM.GPU.MI300X.8", "pool": "a"}
    assert spec["tolerations"] == [{"key": "amd.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]


@pytest.mark.parametrize(("gpus", "shared_memory"), [(1, "18Gi"), (2, "20Gi"), (8, "32Gi")])
def test_resources_follow_the_gpus(gpus, shared_memory):
    spec = pod(gpus=gpus)
    resources = spec["containers"][0]["resources"]
    assert resources["limits"]["amd.com/gpu"] == resources["requests"]["amd.com/gpu"] == str(gpus)
    assert (
        resources["limits"]["memory"] == resources["requests"]["memory"] == f"{int(2048 * 0.8 * gpus / 8)}Gi"
    )
    assert "cpu" not in resources["limits"], "a throttled front end looks like a slow model"
    memory = next(volume for volume in spec["volumes"] if volume["name"] == "shared-memory")
    assert memory["emptyDir"] == {"medium": "Memory", "sizeLimit": shared_memory}


def test_the_engines_of_a_node_leave_room_for_the_system():
    requests = engine(gpus=1)["resources"]["requests"]
    assert 8 * int(requests["cpu"]) < 224
    assert 8 * int(requests["memory"].removesuffix("Gi")) < 2048


@settings(max_examples=15)
@given(
    model=st.sampled_from(sorted(catalogue())),
    stream=st.integers(0, 3600),
    replicas=st.integers(1, 4),
    pre_stop=st.integers(75, 300),
)
def test_grace_probe_rollout_and_timeout_are_each_longer_than_the_work_they_wait_for(
    model, stream, replicas, pre_stop
):
    found = deployment(
        model=model,
        hugging_face_secret="hub",
        longest_stream_seconds=stream,
        pre_stop_seconds=pre_stop,
        replicas=replicas,
    )
    spec = found.inputs["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    grace = spec["terminationGracePeriodSeconds"]
    assert container["lifecycle"]["preStop"]["sleep"]["seconds"] == pre_stop
    assert f"--shutdown-timeout={stream}" in container["args"]
    assert grace == Drain(pre_stop_seconds=pre_stop, longest_stream_seconds=stream).grace_seconds
    budget = startup_budget(catalogue()[model].weights_gb)
    probe = container["startupProbe"]
    ready = int(variables(container)["VLLM_ENGINE_READY_TIMEOUT_S"])
    assert probe["periodSeconds"] * probe["failureThreshold"] >= budget.probe_seconds >= ready
    deadline = found.inputs["spec"]["progressDeadlineSeconds"]
    assert deadline >= grace + budget.probe_seconds
    waits = found.custom_timeouts
    assert int(waits.create.removesuffix("s")) > deadline
    assert int(waits.update.removesuffix("s")) > replicas * deadline
    assert int(waits.delete.removesuffix("s")) > grace


def test_a_rollout_needs_no_additional_gpu_unless_there_are_spare_ones():
    def strategy(**changes):
        return deployment(**changes).inputs["spec"]["strategy"]["rollingUpdate"]

    assert strategy() == {"maxSurge": 0, "maxUnavailable": 1}
    assert strategy(spare_gpus=True) == {"maxSurge": 1, "maxUnavailable": 0}


def test_replicas_that_an_autoscaler_manages_are_ignored():
    assert deployment(replicas=2).ignore_changes == ()
    owned = deployment(replicas=2, autoscaled=True)
    assert owned.ignore_changes == ("spec.replicas",)
    assert owned.inputs["spec"]["replicas"] == 2, "the first rollout still needs a number"


def test_the_service_waits_for_the_engines():
    recording = served()
    service = recording.named("chat-service")
    assert recording.named("chat-engine").urn in service.depends_on
    assert "annotations" not in service.inputs["metadata"]


def test_pulumi_does_not_wait_for_a_service_without_engines():
    annotations = served(replicas=0).named("chat-service").inputs["metadata"]["annotations"]
    assert annotations == {"pulumi.com/skipAwait": "true"}


def test_service_deployment_and_budget_select_the_same_pods():
    recording = served(labels={"team": "search"})
    spec = recording.named("chat-engine").inputs["spec"]
    labels = spec["template"]["metadata"]["labels"]
    selector = spec["selector"]["matchLabels"]
    assert selector.items() <= labels.items()
    assert recording.named("chat-service").inputs["spec"]["selector"] == selector
    assert recording.named("chat-disruption-budget").inputs["spec"]["selector"]["matchLabels"] == selector
    assert "team" not in selector, "a label that may change must not be in an immutable selector"


def test_a_caller_cannot_break_the_selector_with_a_label_of_the_same_name():
    spec = deployment(labels={"app.kubernetes.io/instance": "other"}).inputs["spec"]
    assert spec["template"]["metadata"]["labels"]["app.kubernetes.io/instance"] == NAME


def test_the_disruption_budget_allows_the_eviction_of_a_broken_engine():
    spec = served().named("chat-disruption-budget").inputs["spec"]
    assert spec["maxUnavailable"] == 1
    assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_the_command_line_is_that_of_the_plan_and_has_only_known_options():
    container = engine(model="gpt-oss-120b", engine_options={"async-scheduling": "true"})
    assert container["command"] == ["vllm", "serve"]
    assert container["args"][0] == "openai/gpt-oss-120b"
    assert {"--async-scheduling", "--block-size=64", "--gpu-memory-utilization=0.95"} <= set(
        container["args"]
    )
    assert {each.partition("=")[0] for each in container["args"][1:]} <= SERVE_OPTIONS


def test_the_planner_chooses_the_gpus_where_none_are_given():
    llama = engine(model="llama-3.3-70b", hugging_face_secret="hub")
    assert "--tensor-parallel-size=2" in llama["args"]
    assert llama["resources"]["limits"]["amd.com/gpu"] == "2"
    assert variables(llama)["NCCL_MIN_NCHANNELS"] == "112"


def test_the_token_comes_from_an_existing_secret_and_is_never_in_plain_text():
    container = engine(hugging_face_secret="hub")
    token = next(each for each in container["env"] if each["name"] == "HF_TOKEN")
    assert token == {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hub", "key": "token"}}}
    assert "HF_TOKEN" not in variables(engine())


def test_caches_are_on_the_nodes_disk_or_in_the_given_volume():
    spec = pod()
    cache = next(volume for volume in spec["volumes"] if volume["name"] == "cache")
    assert cache["emptyDir"] == {}
    assert spec["containers"][0]["resources"]["requests"]["ephemeral-storage"] == "111Gi"
    claimed = pod(cache_claim="weights")
    cache = next(volume for volume in claimed["volumes"] if volume["name"] == "cache")
    assert cache["persistentVolumeClaim"] == {"claimName": "weights"}
    assert "ephemeral-storage" not in claimed["containers"][0]["resources"]["requests"]
    assert variables(engine())["VLLM_CACHE_ROOT"].startswith("/cache/")


def test_another_user_gets_the_render_group_and_a_home_and_is_not_root():
    spec = pod(run_as_user=2000, render_group=993)
    assert spec["securityContext"] == {
        "runAsUser": 2000,
        "runAsNonRoot": True,
        "supplementalGroups": [993],
        "fsGroup": 2000,
    }
    assert variables(spec["containers"][0])["HOME"] == "/tmp/home"


def test_a_seccomp_profile_is_set_only_on_request():
    assert "seccompProfile" not in pod().get("securityContext", {})
    assert pod(seccomp_profile="RuntimeDefault")["securityContext"]["seccompProfile"] == {
        "type": "RuntimeDefault"
    }


def test_priority_and_pull_secret_are_passed_on():
    spec = pod(priority_class="interactive", image_pull_secret="registry")
    assert spec["priorityClassName"] == "interactive"
    assert spec["imagePullSecrets"] == [{"name": "registry"}]


def test_the_callers_options_reach_the_component():
    recording = served(opts=pulumi.ResourceOptions(protect=True))
    children = recording.children(recording.named(NAME))
    assert children
    assert all(child.protect for child in children)


def test_all_problems_are_refused_together_and_nothing_is_created():
    with pytest.raises(InvalidInput) as refused:
        served(
            model="qwen3-23b",
            image="vllm/vllm-openai-rocm:latest",
            replicas=-1,
            service_name="vllm-chat",
            pre_stop_seconds=1,
        )
    assert [problem.path for problem in refused.value.problems] == [
        "chat.image",
        "chat.name",
        "chat.replicas",
        "chat.engine.preStopSeconds",
        "chat.model",
    ]
    assert "Did you mean `qwen3-32b`?" in str(refused.value)


def test_placeholders_pass_the_component_for_the_sandbox():
    assert engine(image="registry.example/vllm/vllm-openai-rocm@sha256:REPLACE-ME")["image"].endswith(
        "REPLACE-ME"
    )
