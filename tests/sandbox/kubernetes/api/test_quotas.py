"""Resource quotas: pods and objects that exceed them are refused, in the words of Kubernetes' admission."""

from typing import Any

import pytest

from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError, deployment, gpu_pod, namespace, service

EXCEEDED = (
    "exceeded quota: team, requested: requests.amd.com/gpu=1, used: requests.amd.com/gpu=4, "
    "limited: requests.amd.com/gpu=4"
)


def inside(body: Body) -> Body:
    return {**body, "metadata": {**body["metadata"], "namespace": "models"}}


def quota(**hard: str) -> Body:
    return inside(
        {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": "team"},
            "spec": {"hard": {name.replace("__", "."): value for name, value in hard.items()}},
        }
    )


GPUS = quota() | {"spec": {"hard": {"requests.amd.com/gpu": "4", "pods": "10"}}}


def engines(name: str, replicas: int, **spec: Any) -> Body:
    return inside(deployment(name, app=name, pod=gpu_pod(), replicas=replicas, **spec))


@pytest.fixture
def team(engine: Engine) -> Engine:
    engine.create(namespace(), name="space")
    return engine


def refused(engine: Engine, body: Body, name: str = "it") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        engine.create(body, name=name)
    return caught.value


def test_a_deployment_is_admitted_and_its_pods_beyond_the_quota_are_not(team: Engine) -> None:
    team.create(GPUS, name="quota")
    error = refused(team, engines("five", 5))
    assert "was successfully created" in str(error), "a quota counts pods, not deployments"
    assert error.partial is not None
    assert any(EXCEEDED in reason for reason in error.reasons), error.reasons
    assert any(reason.startswith('[FailedCreate] pods "five-') for reason in error.reasons)


def test_pods_that_fit_the_quota_run_and_the_next_does_not(team: Engine) -> None:
    team.create(GPUS, name="quota")
    team.create(engines("three", 3), name="three")
    team.create(engines("one", 1), name="one")
    assert any(EXCEEDED in reason for reason in refused(team, engines("more", 1), "more").reasons)


def test_another_namespace_has_its_own_quota(team: Engine) -> None:
    team.create(GPUS, name="quota")
    team.create(engines("four", 4), name="four")
    team.create(deployment("free", app="free", pod=gpu_pod(4)), name="free")


def test_a_quota_does_not_affect_earlier_pods(team: Engine) -> None:
    before = team.create(engines("five", 5), name="five")
    team.create(GPUS, name="quota")
    assert team.read(before).id, "a quota does not evict pods"
    reasons = refused(team, engines("more", 1), "more").reasons
    assert any("used: requests.amd.com/gpu=5" in reason for reason in reasons), reasons


def test_a_larger_quota_admits_the_waiting_pods(team: Engine) -> None:
    held = team.create(GPUS, name="quota")
    refused(team, engines("five", 5), "five")
    team.update(held, GPUS | {"spec": {"hard": {"requests.amd.com/gpu": "5"}}})
    team.create(inside(service(app="five")), name="service")


def test_a_deleted_deployment_releases_its_quota(team: Engine) -> None:
    team.create(GPUS, name="quota")
    team.delete(team.create(engines("four", 4), name="four"))
    team.create(engines("again", 4), name="again")


def test_a_pod_without_an_amount_that_the_quota_counts_is_refused(team: Engine) -> None:
    team.create(quota(limits__memory="8Gi", requests__cpu="1"), name="quota")
    reasons = refused(team, inside(deployment())).reasons
    assert any("failed quota: team: must specify limits.memory for: main" in each for each in reasons), (
        reasons
    )


def bare(name: str, gpus: int) -> Body:
    return inside({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": gpu_pod(gpus)})


def test_a_bare_pod_beyond_the_quota_is_refused_at_once(team: Engine) -> None:
    team.create(GPUS, name="quota")
    team.create(engines("three", 3), name="three")
    team.create(bare("last", 1), name="last")
    error = refused(team, bare("more", 1))
    assert f'pods "more" is forbidden: {EXCEEDED}' in str(error), "a quota counts pods"
    assert error.partial is None


def test_a_bare_pod_fits_again_after_others_are_deleted(team: Engine) -> None:
    team.create(GPUS, name="quota")
    first = team.create(bare("first", 4), name="first")
    refused(team, bare("second", 4))
    team.delete(first)
    team.create(bare("second", 4), name="second")


def test_no_pods_need_no_quota(team: Engine) -> None:
    team.create(quota(limits__memory="8Gi"), name="quota")
    team.create(inside(deployment(replicas=0)), name="asleep")


def test_a_limit_range_gives_a_pod_its_amounts(team: Engine) -> None:
    team.create(quota(limits__memory="8Gi", requests__memory="2Gi"), name="quota")
    default = {"type": "Container", "default": {"memory": "4Gi"}, "defaultRequest": {"memory": "1Gi"}}
    body = {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "team"},
        "spec": {"limits": [default]},
    }
    team.create(inside(body), name="range")
    team.create(inside(deployment(replicas=2)), name="two")
    reasons = refused(team, inside(deployment("more", app="more")), "more").reasons
    expected = (
        "exceeded quota: team, requested: limits.memory=4Gi,requests.memory=1Gi, "
        "used: limits.memory=8Gi,requests.memory=2Gi, limited: limits.memory=8Gi,requests.memory=2Gi"
    )
    assert any(expected in each for each in reasons), reasons


def test_a_finished_job_does_not_count_against_the_quota(team: Engine) -> None:
    team.create(GPUS, name="quota")
    pod = gpu_pod(4, restartPolicy="Never")
    body = {"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {"spec": pod}}}
    team.create(inside(body | {"metadata": {"name": "job"}}), name="job")
    team.create(engines("four", 1), name="four")


def test_a_balancer_that_the_quota_does_not_allow_is_refused_at_once(team: Engine) -> None:
    team.create(quota(services__loadbalancers="0"), name="quota")
    error = refused(team, inside(service(type="LoadBalancer")))
    assert (
        'services "web" is forbidden: exceeded quota: team, requested: services.loadbalancers=1, '
        "used: services.loadbalancers=0, limited: services.loadbalancers=0" in str(error)
    )
    assert error.partial is None


def test_claims_share_the_namespaces_storage(team: Engine) -> None:
    team.create(quota(requests__storage="100Gi"), name="quota")
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "101Gi"}}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "big"}, "spec": spec}
    error = refused(team, inside(claim))
    assert (
        "requested: requests.storage=101Gi, used: requests.storage=0, limited: requests.storage=100Gi"
        in str(error)
    )


def only(*allowed: str) -> Body:
    terms: list[Body] = [{"scopeName": "PriorityClass", "operator": "Exists"}]
    if allowed:
        terms.append({"scopeName": "PriorityClass", "operator": "NotIn", "values": list(allowed)})
    body = quota(pods="0")
    return body | {"spec": {**body["spec"], "scopeSelector": {"matchExpressions": terms}}}


def classes(engine: Engine) -> None:
    for name in ("serving", "filler"):
        body = {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": name},
            "value": 5,
        }
        engine.create(body, name=name)


def urgent(name: str, priority: str | None) -> Body:
    pod = gpu_pod() | ({"priorityClassName": priority} if priority else {})
    return inside(deployment(name, app=name, pod=pod, replicas=1))


def test_a_quota_on_priority_classes_refuses_only_the_other_classes(team: Engine) -> None:
    classes(team)
    team.create(only("filler"), name="quota")
    team.create(urgent("plain", None), name="plain")
    team.create(urgent("fill", "filler"), name="fill")
    error = refused(team, urgent("push", "serving"), name="push")
    assert any("exceeded quota: team, requested: pods=1" in reason for reason in error.reasons), error.reasons


def test_a_quota_counts_only_the_pods_of_its_classes(team: Engine) -> None:
    classes(team)
    one = quota(pods="1")
    term = {"scopeName": "PriorityClass", "operator": "In", "values": ["serving"]}
    team.create(one | {"spec": {**one["spec"], "scopeSelector": {"matchExpressions": [term]}}}, name="quota")
    team.create(urgent("fill", "filler"), name="fill")
    team.create(urgent("first", "serving"), name="first")
    error = refused(team, urgent("second", "serving"), name="second")
    assert any("used: pods=1, limited: pods=1" in reason for reason in error.reasons), error.reasons
