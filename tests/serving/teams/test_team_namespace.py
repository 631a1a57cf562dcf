"""A team's namespace: quotas, roles and network policies."""

from typing import Any

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.platform.priority_classes import PriorityArgs, PriorityClasses, PriorityClassesArgs
from serving.teams.network_isolation import NetworkIsolation, NetworkIsolationArgs
from serving.teams.team_namespace import TeamNamespace, TeamNamespaceArgs
from serving.teams.team_rules import pool_quota_problems
from tests.support.cluster_schema import check_objects
from tests.support.monitor import kubernetes_options, run

GROUP = "ocid1.group.oc1..aaaaaaaaexample"
USER = "ocid1.user.oc1..aaaaaaaaexample"


def team(preview=False, **changes):
    def program():
        args = TeamNamespaceArgs(**{"team": "search", "gpus": 8, **changes})
        pulumi.export("namespace", TeamNamespace("team", args, kubernetes_options()).namespace)

    return run(program, preview=preview)


def isolated(**changes):
    def program():
        args = NetworkIsolationArgs(**{"namespace": "search", **changes})
        NetworkIsolation("wall", args, kubernetes_options())

    return run(program)


def test_a_teams_gpu_quota_uses_kubernetes_own_key():
    hard = team().named("team-quota").inputs["spec"]["hard"]
    assert hard["requests.amd.com/gpu"] == "8"
    assert (hard["requests.cpu"], hard["requests.memory"], hard["pods"]) == ("208", "1856Gi", "50")


def test_a_team_cannot_bypass_the_gateway_with_load_balancers_or_node_ports():
    hard = team().named("team-quota").inputs["spec"]["hard"]
    assert (hard["services.loadbalancers"], hard["services.nodeports"]) == ("0", "0")


def test_an_explicit_zero_is_not_the_default():
    assert team(gpus=0, volumes_gib=0).named("team-quota").inputs["spec"]["hard"]["requests.storage"] == "0Gi"


def test_containers_without_requests_get_defaults_because_the_quota_refuses_them():
    (limit,) = team().named("team-limits").inputs["spec"]["limits"]
    assert limit["type"] == "Container"
    assert set(limit["defaultRequest"]) == {"cpu", "memory"}
    assert set(limit["default"]) == {"memory"}, "a CPU limit would throttle engines"


def test_a_teams_pods_have_only_the_priority_classes_that_the_team_may_use():
    for given, terms in (
        (None, [("Exists", None)]),
        (["filler", "experiments"], [("Exists", None), ("NotIn", ["experiments", "filler"])]),
    ):
        spec = team(priorities=given).named("team-priorities").inputs["spec"]
        assert spec["hard"] == {"pods": "0"}
        found = spec["scopeSelector"]["matchExpressions"]
        assert [(each["operator"], each.get("values")) for each in found] == terms
        assert {each["scopeName"] for each in found} == {"PriorityClass"}


def test_a_team_cannot_create_monitors_which_could_read_prometheus_files_and_forge_metrics():
    for role in ("developers", "viewers"):
        rules = team().named(f"team-{role}").inputs["rules"]
        (monitors,) = (each for each in rules if "monitoring.coreos.com" in each["apiGroups"])
        assert set(monitors["verbs"]) == {"get", "list", "watch"}


def test_developers_cannot_delete_the_policies_that_separate_teams():
    recording = team(developers=[GROUP, USER], viewers=[GROUP])
    rules = recording.named("team-developers").inputs["rules"]
    kept = {"networkpolicies", "resourcequotas", "limitranges", "roles", "rolebindings", "serviceaccounts"}
    for rule in rules:
        if kept & set(rule["resources"]):
            assert set(rule["verbs"]) <= {"get", "list", "watch"}, rule
        assert "*" not in [*rule["verbs"], *rule["resources"], *rule["apiGroups"]]
    subjects = recording.named("team-developers-binding").inputs["subjects"]
    assert [(each["kind"], each["name"]) for each in subjects] == [("Group", GROUP), ("User", USER)]


def test_viewers_cannot_read_secrets():
    rules = team().named("team-viewers").inputs["rules"]
    assert rules
    assert all("secrets" not in rule["resources"] for rule in rules)
    assert all(set(rule["verbs"]) == {"get", "list", "watch"} for rule in rules)


def test_a_role_without_members_has_no_binding():
    assert not [each for each in team().resources if each.name.endswith("-binding")]


def test_every_object_passes_the_clusters_schema():
    for recording in (team(developers=[GROUP], api_cidr="10.0.7.0/28"), priorities()):
        check_objects(recording.resources, "1.34")


def test_a_first_preview_shows_all_of_it():
    assert {each.name for each in team(preview=True).resources} == {each.name for each in team().resources}


def policies(recording) -> dict[str, Any]:
    found = [each.inputs for each in recording.resources if each.type.endswith(":NetworkPolicy")]
    return {each["metadata"]["name"]: each["spec"] for each in found}


def test_traffic_that_no_policy_allows_is_denied():
    denied = policies(isolated())["default-deny"]
    assert denied["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in denied
    assert "egress" not in denied


def test_the_gateway_and_prometheus_may_connect():
    (rule,) = policies(isolated())["allow-gateway-and-metrics"]["ingress"]
    names = [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in rule["from"]]
    assert names == ["envoy-gateway-system", "monitoring"]


def test_dns_is_allowed_only_to_the_clusters_own_service():
    (rule,) = policies(isolated())["allow-dns"]["egress"]
    assert {(port["protocol"], port["port"]) for port in rule["ports"]} == {("UDP", 53), ("TCP", 53)}
    assert len(rule["to"]) == 1


def test_https_is_allowed_everywhere_except_to_the_nodes_metadata_service():
    (rule,) = policies(isolated())["allow-https-out"]["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}]
    assert [port["port"] for port in rule["ports"]] == [443]


def test_https_can_be_limited_to_networks_or_denied():
    (rule,) = policies(isolated(egress_cidrs=["134.70.0.0/16"]))["allow-https-out"]["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": "134.70.0.0/16"}}]
    assert "allow-https-out" not in policies(isolated(egress_cidrs=[]))


def test_the_api_is_allowed_at_the_ports_of_workload_identity():
    (rule,) = policies(isolated(api_cidr="10.0.7.0/28"))["allow-api"]["egress"]
    assert [port["port"] for port in rule["ports"]] == [6443, 12250]
    assert "allow-api" not in policies(isolated())


def priorities(**changes):
    def program():
        PriorityClasses("classes", PriorityClassesArgs(**changes), kubernetes_options())

    return run(program)


def test_engines_have_priority_over_experiments_and_those_over_filler():
    recording = priorities()
    values = {key: recording.named(f"classes-{key}").inputs for key in ("serving", "experiments", "filler")}
    assert values["serving"]["value"] > values["experiments"]["value"] > 0 > values["filler"]["value"]
    assert values["serving"]["preemptionPolicy"] == "PreemptLowerPriority"
    assert values["filler"]["preemptionPolicy"] == "Never"
    assert values["filler"]["value"] >= -10, "the cluster autoscaler ignores pods below -10"
    assert not any(each["globalDefault"] for each in values.values())


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"team": "Search"}, "name", "1 to 63"),
        ({"team": "kube-system"}, "name", "a namespace of Kubernetes itself"),
        ({"team": "default"}, "name", "a namespace of Kubernetes itself"),
        ({"gpus": -1}, "gpus", "0 or more"),
        ({"cpus": 0}, "cpus", "1 or more"),
        ({"memory_gib": 0}, "memoryGib", "1 or more"),
        ({"pods": 0}, "pods", "1 or more"),
        ({"volumes_gib": -5}, "volumesGib", "0 or more"),
        ({"pod_security": "baselin"}, "podSecurity", "Did you mean `baseline`?"),
        ({"developers": ["alice@example.com"]}, "developers[0]", "OCID of a group or a user"),
        ({"viewers": [GROUP, "ocid1.tenancy.oc1..x"]}, "viewers[1]", "OCID of a group or a user"),
        ({"egress_cidrs": ["10.0.0.1/8"]}, "egressCidrs[0]", "without host bits"),
        ({"egress_cidrs": ["10.0.0.0/255.0.0.0"]}, "egressCidrs[0]", "a network such as 10.0.0.0/16"),
    ],
)
def test_a_wrong_team_is_refused_at_its_own_path(changes, key, words):
    with pytest.raises(InvalidInput) as refused:
        team(**changes)
    (problem,) = refused.value.problems
    assert problem.path == f"team.{key}"
    assert words in str(problem)


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ({"system-mine": PriorityArgs(value=1, description="x")}, "not begin with system-"),
        ({"high": PriorityArgs(value=2_000_000_000, description="x")}, "to 1,000,000,000"),
    ],
)
def test_a_wrong_priority_class_is_refused(classes, words):
    with pytest.raises(InvalidInput, match=words):
        priorities(classes=classes)


@pytest.mark.parametrize(
    ("quotas", "served", "paths"),
    [
        ({"a": 8, "b": 8}, 16, []),
        ({"a": 8, "b": 8}, 17, ["t"]),
        ({"a": 33}, 0, ["t[0].gpus"]),
        ({"a": 1, "b": 40}, 0, ["t[1].gpus"]),
        ({"a": 20, "b": 20}, 0, ["t"]),
        ({"a": 0}, 40, []),
    ],
)
def test_quotas_above_the_pools_are_refused(quotas, served, paths):
    found = list(pool_quota_problems(quotas, served=served, pool_gpus=32, path="t"))
    assert [each.path for each in found] == paths
