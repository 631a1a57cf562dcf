"""Which engines fit on which nodes: examples, and small pools compared with every possible arrangement."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.placement import Amount, Engines, Placement, place

MI300X = Amount(gpus=8, cpus=224, memory_gib=2048)


def engines(name: str, gpus: int, replicas: int = 1, pods: int = 1) -> Engines:
    share = Amount(gpus=gpus, cpus=22 * gpus, memory_gib=204 * gpus)
    return Engines(name=name, pod=share, replicas=replicas, pods=pods)


def test_whole_node_engines_need_a_node_without_small_engines():
    two, three = (place([engines("qwen", 1, 2), engines("deepseek", 8)], MI300X, n) for n in (2, 3))
    (misfit,) = two.misfits
    assert (misfit.name, misfit.missing) == ("deepseek", 1)
    assert misfit.reason == "it needs 8 GPUs on one node, and the other engines leave 7, 7 free on the nodes"
    assert three.fits


def test_engines_of_different_models_share_a_node():
    found = place([engines("a", 1), engines("b", 2), engines("c", 4), engines("whole", 8)], MI300X, 2)
    assert found.nodes == (("a", "b", "c"), ("whole",))


def test_replicas_of_one_model_are_spread_over_the_nodes():
    found = place([engines("a", 1, 4), engines("b", 2)], MI300X, 2)
    assert sorted(names.count("a") for names in found.nodes) == [2, 2]


@pytest.mark.parametrize(("nodes", "fits"), [(1, False), (2, True), (3, True)])
def test_an_engine_on_two_nodes_uses_two(nodes: int, fits: bool):
    assert place([engines("wide", 8, 1, 2)], MI300X, nodes).fits is fits


def test_a_pod_larger_than_a_node_says_so():
    (misfit,) = place([engines("huge", 16)], MI300X, 4).misfits
    assert misfit.reason == "one of its pods needs 16 GPUs, and a node has 8"


def test_memory_and_threads_count_like_gpus():
    hungry = Engines(name="hungry", pod=Amount(gpus=1, memory_gib=1500), replicas=2)
    assert not place([hungry], MI300X, 1).fits
    assert place([hungry], MI300X, 2).fits


def test_without_nodes_only_an_empty_list_fits():
    assert place([], MI300X, 0).fits
    assert not place([engines("a", 1)], MI300X, 0).fits
    assert place([engines("asleep", 8, 0)], MI300X, 0).fits


def pools(most_replicas: int = 2) -> st.SearchStrategy[tuple[list[Engines], int]]:
    """Some engines and a number of nodes. An engine on several nodes uses whole nodes."""
    sizes = st.sampled_from([(1, 1), (2, 1), (4, 1), (8, 1), (8, 2)])
    listed = st.lists(st.tuples(sizes, st.integers(0, most_replicas)), max_size=4)
    named = listed.map(
        lambda found: [
            engines(f"m{index}", gpus, replicas, pods) for index, ((gpus, pods), replicas) in enumerate(found)
        ]
    )
    return st.tuples(named, st.integers(0, 3))


def arrangements(wanted: Sequence[Engines], free: tuple[Amount, ...]) -> Iterator[bool]:
    """One True for each way to place all of the wanted engines, found by trial."""
    if not wanted:
        yield True
        return
    first, *rest = wanted
    if first.replicas == 0:
        yield from arrangements(rest, free)
        return
    fewer = Engines(name=first.name, pod=first.pod, replicas=first.replicas - 1, pods=first.pods)
    for chosen in combinations(range(len(free)), first.pods):
        if all(free[index].holds(first.pod) for index in chosen):
            left = tuple(
                have.minus(first.pod) if index in chosen else have for index, have in enumerate(free)
            )
            yield from arrangements([fewer, *rest], left)


def exists(wanted: Sequence[Engines], nodes: int) -> bool:
    return next(arrangements(wanted, (MI300X,) * nodes), False)


def free_amounts(found: Placement, wanted: Sequence[Engines]) -> Iterator[Amount]:
    sizes = {each.name: each.pod for each in wanted}
    for names in found.nodes:
        left = MI300X
        for name in names:
            left = left.minus(sizes[name])
        yield left


@given(pools())
def test_a_placement_that_fits_is_within_the_nodes_size(pool: tuple[list[Engines], int]):
    wanted, nodes = pool
    found = place(wanted, MI300X, nodes)
    assert all(left.holds(Amount()) for left in free_amounts(found, wanted))
    missing = {misfit.name: misfit.missing for misfit in found.misfits}
    for each in wanted:
        placed = sum(names.count(each.name) for names in found.nodes)
        assert placed == (each.replicas - missing.get(each.name, 0)) * each.pods
        if each.pods > 1:
            assert all(names.count(each.name) <= each.replicas for names in found.nodes)
    if found.fits:
        assert exists(wanted, nodes)


@given(pools(most_replicas=1))
def test_without_spreading_everything_that_can_be_arranged_fits(pool: tuple[list[Engines], int]):
    wanted, nodes = pool
    assert place(wanted, MI300X, nodes).fits is exists(wanted, nodes)


@given(pools(), st.integers(0, 2))
def test_more_nodes_never_make_the_placement_of_single_replicas_worse(
    pool: tuple[list[Engines], int], more: int
):
    wanted, nodes = pool
    single = [Engines(name=each.name, pod=each.pod, pods=each.pods) for each in wanted]
    if place(single, MI300X, nodes).fits:
        assert place(single, MI300X, nodes + more).fits
