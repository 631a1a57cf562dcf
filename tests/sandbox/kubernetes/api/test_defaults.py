"""What the API server fills in. The real server judges it too: tests/sandbox/kubernetes/judged."""

import pytest

from sandbox.kubernetes.api.defaults import with_defaults
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.scheduling.pods import pod_sets
from tests.sandbox.kubernetes.bed import Body

NODE = {"fieldPath": "spec.nodeName"}


def pod(**spec: object) -> Body:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}


def test_a_reference_to_a_field_of_the_pod_gets_its_version() -> None:
    variable = {"name": "NODE", "valueFrom": {"fieldRef": {**NODE}}}
    item = {"path": "node", "fieldRef": {**NODE}}
    files = [
        {"name": "one", "downwardAPI": {"items": [{**item}]}},
        {"name": "two", "projected": {"sources": [{"downwardAPI": {"items": [{**item}]}}]}},
    ]
    spec = with_defaults(pod(containers=[{"name": "web", "env": [variable]}], volumes=files))["spec"]
    wanted = {**NODE, "apiVersion": "v1"}
    assert spec["containers"][0]["env"][0]["valueFrom"]["fieldRef"] == wanted
    assert spec["volumes"][0]["downwardAPI"]["items"][0]["fieldRef"] == wanted
    assert spec["volumes"][1]["projected"]["sources"][0]["downwardAPI"]["items"][0]["fieldRef"] == wanted


def test_a_token_of_a_service_account_ends_after_an_hour() -> None:
    source = {"serviceAccountToken": {"path": "token"}}
    spec = with_defaults(pod(containers=[], volumes=[{"name": "token", "projected": {"sources": [source]}}]))[
        "spec"
    ]
    assert spec["volumes"][0]["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"] == 3600


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        ({}, {"parallelism": 1, "completions": 1, "backoffLimit": 6}),
        ({"parallelism": 3}, {"parallelism": 3, "completions": None, "backoffLimit": 6}),
        ({"backoffLimitPerIndex": 0}, {"backoffLimit": 2**31 - 1}),
        ({"podFailurePolicy": {"rules": []}}, {"podReplacementPolicy": "Failed"}),
    ],
)
def test_the_counts_of_a_job_depend_on_each_other(given: Body, filled: Body) -> None:
    template: Body = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}
    body = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "load"}}
    spec = with_defaults({**body, "spec": {"template": template, **given}})["spec"]
    assert {key: spec.get(key) for key in filled} == filled


def test_a_job_without_completions_runs_all_its_pods_at_once() -> None:
    template: Body = {"spec": {"containers": [{"name": "c", "image": "i"}]}}
    spec: Body = {"template": template, "parallelism": 3}
    body = {"kind": "Job", "metadata": {"name": "load", "uid": "a-uid"}, "spec": spec}
    live = Live("cluster", ("batch", "Job", "default", "load"), 0, "", acknowledged=True, body=body)
    assert [pods.count for pods in pod_sets(live)] == [3]
