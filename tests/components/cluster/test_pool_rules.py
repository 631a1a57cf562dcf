"""Checks of every node pool."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.pool_parts import kubelet_metadata, node_labels
from components.cluster.pool_rules import (
    eviction_problems,
    kubelet_argument_problems,
    label_problems,
    placement_problems,
    pool_version_problems,
    size_problems,
    taint_problems,
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("team", "a"),
        ("team", ""),
        ("genai-playground/pool", "mi300x"),
        ("node.kubernetes.io/role", "x"),
        ("oci.oraclecloud.com/disable-gpu-device-plugin", "true"),
    ],
)
def test_labels_that_kubernetes_accepts(key: str, value: str):
    assert not list(label_problems({key: value}, path="p"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("node-role.kubernetes.io/gpu", ""),
        ("kubernetes.io/hostname", "x"),
        ("team.k8s.io/x", "y"),
        ("bad key", "x"),
        ("-team", "x"),
        ("Team.example.com/", "x"),
        ("team", "a b"),
        ("team", "x" * 64),
        ("x" * 64, "y"),
    ],
)
def test_labels_with_which_a_node_cannot_join_are_refused(key: str, value: str):
    (problem,) = label_problems({key: value}, path="p")
    assert problem.path == f"p.labels[{key!r}]"


@pytest.mark.parametrize("taint", ["a=b:NoSchedule", "a:NoExecute", "example.com/a=b:PreferNoSchedule"])
def test_taints_that_kubernetes_accepts(taint: str):
    assert not list(taint_problems([taint], path="p"))


@pytest.mark.parametrize(
    "taint", ["a", "a=b", "a=b:Never", "=b:NoSchedule", "a=b c:NoSchedule", "amd.com/gpu:NoExecute"]
)
def test_other_taints_are_refused(taint: str):
    (problem,) = taint_problems([taint], path="p")
    assert problem.path == "p.taints[0]"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("max-pods", "10", "maxPods"),
        ("node-labels", "a=b", "labels"),
        ("register-with-taints", "a=b:NoSchedule", "taints"),
        ("--v", "2", "without its leading dashes"),
        ("v", "2; reboot", "blanks, quotes"),
        ("v", "$(id)", "blanks, quotes"),
    ],
)
def test_kubelet_arguments_that_would_do_harm_are_refused(name: str, value: str, word: str):
    (problem,) = kubelet_argument_problems({name: value}, path="p")
    assert word in str(problem)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{3,8}(-[a-z]{2,5})?", fullmatch=True),
        st.from_regex(r"[A-Za-z0-9=.,/:%-]{1,20}", fullmatch=True),
        max_size=4,
    )
)
def test_accepted_kubelet_arguments_survive_a_shell(arguments: dict[str, str]):
    assert not list(kubelet_argument_problems(arguments, path="p"))
    words = kubelet_metadata(None, arguments).get("kubelet-extra-args", "").split()
    assert words == [f"--{name}={value}" for name, value in sorted(arguments.items())]


def test_the_pools_own_label_wins():
    (label,) = node_labels("a", {"genai-playground/pool": "b"})
    assert label.value == "a"


@pytest.mark.parametrize(("minutes", "good"), [(None, True), (0, True), (60, True), (-1, False), (61, False)])
def test_draining_takes_an_hour_at_most(minutes: int | None, good: bool):
    assert bool(list(eviction_problems(minutes, path="p"))) is not good


def test_a_fault_domain_named_twice_is_refused_once():
    (problem,) = placement_problems(1, ["FAULT-DOMAIN-1", "FAULT-DOMAIN-1"], path="p")
    assert problem.path == "p.faultDomains[1]"


@given(st.integers(-5, 1_100), st.integers(-5, 1_100), st.integers(-5, 1_100))
def test_a_size_that_the_program_does_not_own_must_be_within_its_bounds(low: int, nodes: int, high: int):
    passes = not list(size_problems(nodes, low, high, size_owner="external", path="p"))
    assert passes is (0 <= low <= nodes <= high <= 1_000 and nodes >= 1)


@pytest.mark.parametrize("control_plane", ["v1.36.1", "1.36", "latest"])
def test_a_pools_version_is_checked_also_beside_a_wrong_control_plane(control_plane: str):
    (problem,) = pool_version_problems("newest", control_plane, path="p")
    assert problem.path == "p.kubernetesVersion"
    assert "must be one that OKE offers" in str(problem)
    assert not list(pool_version_problems("v1.35.2", control_plane, path="p"))
