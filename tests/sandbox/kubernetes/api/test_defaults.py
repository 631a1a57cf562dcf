"""What the API server fills in. The real server judges it too: tests/sandbox/kubernetes/judged."""

from sandbox.kubernetes.api.defaults import with_defaults
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
