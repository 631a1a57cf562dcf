"""What a placement depends on: the order of arrival, and every node being there."""

import time
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from report.placement import Amount, Engines
from report.placement_questions import free_gpus, order_effect, waiting_after_a_failure

MI300X = Amount(gpus=8, cpus=224, memory_gib=2048)


def engines(name: str, gpus: int, replicas: int = 1, pods: int = 1) -> Engines:
    return Engines(name=name, pod=Amount(gpus=gpus), replicas=replicas, pods=pods)


def test_the_order_matters_if_small_engines_can_take_whole_nodes():
    found = order_effect([engines("whole", 8), engines("small", 1, 2)], MI300X, 2)
    assert (found.matters, found.every, found.tried) == (True, True, 2)
    assert found.worst.waiting == {"whole": 1}
    assert (found.best.waiting, found.best.models) == ({}, ("whole", "small"))


def test_the_order_does_not_matter_with_room_for_all():
    found = order_effect([engines("whole", 8), engines("small", 1, 2)], MI300X, 3)
    assert not found.matters
    assert not order_effect([], MI300X, 1).matters


def test_of_many_models_only_some_orders_are_tried():
    found = order_effect([engines(f"m{size}", size) for size in (1, 1, 2, 2, 4, 4, 8)], MI300X, 4)
    assert (found.every, found.tried) == (False, 14)


def test_an_engine_waits_after_a_failure_if_the_others_leave_no_room():
    assert waiting_after_a_failure([engines("a", 4, 3)], MI300X, 2) == {"a": 1}
    assert waiting_after_a_failure([engines("a", 4, 3)], MI300X, 3) == {}
    assert waiting_after_a_failure([engines("whole", 8, 2)], MI300X, 2) == {"whole": 1}


def test_an_engine_over_two_nodes_needs_a_third_one():
    assert waiting_after_a_failure([engines("wide", 8, 1, 2)], MI300X, 2) == {"wide": 1}
    assert waiting_after_a_failure([engines("wide", 8, 1, 2)], MI300X, 3) == {}


def test_free_gpus_are_those_of_each_node():
    assert free_gpus([engines("a", 1, 4), engines("b", 2)], MI300X, 2) == [6, 4]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 3)), min_size=1, max_size=3), st.integers(1, 3))
def test_a_failure_leaves_waiting_what_no_arrangement_could_place(sizes: list[tuple[int, int]], nodes: int):
    """At most what is lost waits, and at least what exceeds the GPUs that are left."""
    listed = [engines(f"m{index}", gpus, replicas) for index, (gpus, replicas) in enumerate(sizes)]
    fits = not order_effect(listed, MI300X, nodes).worst.gpus
    waiting = waiting_after_a_failure(listed, MI300X, nodes)
    gpus = sum(waiting.get(each.name, 0) * each.pod.gpus for each in listed)
    assert gpus <= MI300X.gpus
    if fits:
        wanted = sum(each.pod.gpus * each.replicas for each in listed)
        assert gpus >= min(wanted - (nodes - 1) * MI300X.gpus, MI300X.gpus)
        if not _fits_somehow(listed, nodes - 1):
            assert gpus > 0


def _fits_somehow(listed: list[Engines], nodes: int) -> bool:
    """Whether any arrangement of the engines on the nodes has room, by trying them all."""
    pods = sorted((each.pod.gpus for each in listed for _ in range(each.replicas)), reverse=True)
    if not nodes:
        return not pods
    return any(
        all(
            sum(gpus for gpus, at in zip(pods, places, strict=True) if at == node) <= MI300X.gpus
            for node in range(nodes)
        )
        for places in product(range(nodes), repeat=len(pods))
    )


def test_a_large_pool_is_judged_at_once():
    """It took minutes while every engine looked at each node, and every failure placed all engines again."""
    begun = time.process_time()
    found = waiting_after_a_failure([engines("small", 1, 3000), engines("whole", 8, 9)], MI300X, 1000)
    assert found == {}
    assert time.process_time() - begun < 5
