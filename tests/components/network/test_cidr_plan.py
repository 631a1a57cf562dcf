"""The CIDR planner: the figures of the default VCN, and properties of every plan."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.cidr_plan import BASTION, MINIMUM, ROLES, plan_problems, plan_subnets, pods_needed
from facts.kubernetes import usable_addresses
from facts.problem import InvalidInput

PRIVATE = IPv4Network("10.0.0.0/8")


@st.composite
def vcns(draw: st.DrawFn, smallest: int = 25) -> IPv4Network:
    prefix = draw(st.integers(16, smallest))
    index = draw(st.integers(0, 2 ** (prefix - 8) - 1))
    return IPv4Network((int(PRIVATE.network_address) + index * 2 ** (32 - prefix), prefix))


@st.composite
def vcns_with_explicit(draw: st.DrawFn) -> tuple[IPv4Network, dict[str, str]]:
    vcn = draw(vcns())
    chosen: dict[str, IPv4Network] = {}
    for role in draw(st.lists(st.sampled_from(ROLES), unique=True)):
        prefix = draw(st.integers(vcn.prefixlen + 1, 30))
        index = draw(st.integers(0, 2 ** (prefix - vcn.prefixlen) - 1))
        network = IPv4Network((int(vcn.network_address) + index * 2 ** (32 - prefix), prefix))
        if not any(network.overlaps(other) for other in chosen.values()):
            chosen[role] = network
    return vcn, {role: str(network) for role, network in chosen.items()}


needs_of_roles = st.dictionaries(st.sampled_from(ROLES), st.integers(0, 5_000))


def assert_sound(vcn: IPv4Network, plan: dict[str, IPv4Network]) -> None:
    assert list(plan) == list(ROLES)
    assert all(network.subnet_of(vcn) for network in plan.values()), "a subnet leaves the VCN"
    assert not any(one.overlaps(other) for one, other in combinations(plan.values(), 2)), "subnets overlap"
    assert all(network.prefixlen <= 30 for network in plan.values()), "OCI has no subnet below /30"


def parsed(plan: object) -> dict[str, IPv4Network]:
    assert isinstance(plan, dict)
    return {role: IPv4Network(cidr) for role, cidr in plan.items()}  # refuses an address that is not aligned


def test_the_default_vcn_has_the_figures_of_the_requirement():
    assert plan_subnets("10.0.0.0/16") == {
        "public": "10.0.1.0/24",
        "private": "10.0.2.0/24",
        "gpu": "10.0.3.0/24",
        "database": "10.0.4.0/24",
        "api": "10.0.0.0/28",
        "loadbalancers": "10.0.0.32/27",
        "pods": "10.0.128.0/17",
    }


@given(vcns())
def test_every_vcn_from_16_to_25_has_a_plan_of_disjoint_aligned_subnets_inside_it(vcn: IPv4Network):
    plan = parsed(plan_subnets(str(vcn)))
    assert_sound(vcn, plan)
    for role, network in plan.items():
        assert usable_addresses(network.prefixlen) >= MINIMUM[role], role


@given(vcns_with_explicit(), needs_of_roles)
def test_a_plan_keeps_explicit_cidrs_and_meets_needs_or_reports_problems(
    given_vcn: tuple[IPv4Network, dict[str, str]], needs: dict[str, int]
):
    vcn, explicit = given_vcn
    if list(plan_problems(str(vcn), explicit, needs, path="network")):
        with pytest.raises(InvalidInput):
            plan_subnets(str(vcn), explicit, needs)
        return
    plan = parsed(plan_subnets(str(vcn), explicit, needs))
    assert_sound(vcn, plan)
    for role, network in plan.items():
        assert str(network) == explicit.get(role, str(network)), "explicit CIDRs win"
        assert usable_addresses(network.prefixlen) >= needs.get(role, 0), role


@given(vcns(), needs_of_roles)
def test_a_plan_without_explicit_cidrs_is_found_whenever_the_sizes_add_up(
    vcn: IPv4Network, needs: dict[str, int]
):
    wanted = {role: max(MINIMUM[role], needs.get(role, 0)) for role in ROLES}
    blocks = sum(next(2**bits for bits in range(32) if 2**bits - 3 >= need) for need in wanted.values())
    problems = list(plan_problems(str(vcn), None, needs, path="network"))
    assert bool(problems) == (blocks > vcn.num_addresses), "blocks of powers of two fit when their sum does"


@given(vcns_with_explicit())
def test_one_explicit_cidr_moves_no_subnet_that_it_does_not_overlap(
    given_vcn: tuple[IPv4Network, dict[str, str]],
):
    vcn, explicit = given_vcn
    role, cidr = next(iter(explicit.items()), ("gpu", str(next(vcn.subnets(new_prefix=28)))))
    usual = parsed(plan_subnets(str(vcn)))
    only = {role: cidr}
    displaced = [other for other in ROLES if other != role and usual[other].overlaps(IPv4Network(cidr))]
    if len(displaced) == 0:
        assert plan_subnets(str(vcn), only) == {each: only.get(each, str(usual[each])) for each in ROLES}


def test_a_25_is_the_smallest_vcn_that_fits():
    assert IPv4Network(plan_subnets("10.0.0.0/25")["pods"]).prefixlen == 26
    with pytest.raises(InvalidInput, match="must have room for public /29"):
        plan_subnets("10.0.0.0/26")


def test_a_24_is_the_smallest_vcn_for_one_cpu_and_one_gpu_node():
    needs = {"pods": pods_needed([(1, 31), (1, 64)])}
    assert plan_subnets("10.0.0.0/24", needs=needs)["pods"] == "10.0.0.128/25"
    with pytest.raises(InvalidInput, match="fewer pods per node"):
        plan_subnets("10.0.0.0/25", needs=needs)


def test_a_smaller_vcn_is_enough_when_every_subnet_is_explicit():
    cidrs = [str(network) for network in IPv4Network("10.0.0.0/26").subnets(new_prefix=29)]
    explicit = dict(zip(ROLES, cidrs, strict=False))
    assert plan_subnets("10.0.0.0/26", explicit) == explicit


def test_a_need_moves_only_the_subnet_that_has_it():
    usual = plan_subnets("10.0.0.0/16")
    larger = plan_subnets("10.0.0.0/16", needs={"gpu": 300})
    assert {role for role in ROLES if usual[role] != larger[role]} == {"gpu"}
    assert IPv4Network(larger["gpu"]).prefixlen == 23


@given(vcns_with_explicit(), needs_of_roles)
def test_a_bastion_that_is_added_moves_no_other_subnet(
    given_vcn: tuple[IPv4Network, dict[str, str]], needs: dict[str, int]
):
    vcn, explicit = given_vcn
    if list(plan_problems(str(vcn), explicit, needs, path="network")):
        return
    before = plan_subnets(str(vcn), explicit, needs)
    wanted = {**needs, BASTION: 1}
    problems = list(plan_problems(str(vcn), explicit, wanted, path="network"))
    if problems:
        assert "network.subnets.bastion" in problems[0].fix, "somebody has to make room"
        return
    after = plan_subnets(str(vcn), explicit, wanted)
    assert {role: after[role] for role in ROLES} == before
    place = IPv4Network(after[BASTION])
    assert place.subnet_of(vcn)
    assert not any(place.overlaps(IPv4Network(cidr)) for cidr in before.values())
    assert 28 <= place.prefixlen <= 30


def test_the_bastion_of_the_default_vcn_is_next_to_the_endpoint():
    assert plan_subnets("10.0.0.0/16", needs={BASTION: 1})[BASTION] == "10.0.0.16/28"
    assert BASTION not in plan_subnets("10.0.0.0/16"), "without one there is no subnet for it"


def test_the_smallest_vcn_that_fits_has_room_for_a_bastion():
    assert plan_subnets("10.0.0.0/25", needs={BASTION: 1})[BASTION] == "10.0.0.0/29"


def test_a_full_vcn_says_how_to_make_room_for_the_bastion():
    halves = dict(
        zip(ROLES, (str(each) for each in IPv4Network("10.0.0.0/26").subnets(new_prefix=29)), strict=False)
    )
    full = {**halves, "pods": "10.0.0.48/28"}
    (problem,) = plan_problems("10.0.0.0/26", full, {BASTION: 1}, path="network")
    assert problem.path == "network.cidr"
    assert "set network.subnets.bastion" in problem.fix
    given = {**full, "pods": "10.0.0.48/29", BASTION: "10.0.0.56/30"}
    assert plan_subnets("10.0.0.0/26", given, {BASTION: 1}) == given


def test_pods_of_all_pools_are_counted():
    assert pods_needed([(3, 31), (10, 64)]) == 733


@pytest.mark.parametrize(
    ("cidr", "explicit", "needs", "path", "says"),
    [
        ("10.0.0.0/8", {}, {}, "network.cidr", "from /16 to /30"),
        ("10.0.0.0/31", {}, {}, "network.cidr", "from /16 to /30"),
        ("10.0.0.1/16", {}, {}, "network.cidr", "Use 10.0.0.0/16"),
        ("10.0.0.0", {}, {}, "network.cidr", "must be an IPv4 network"),
        ("ten", {}, {}, "network.cidr", "must be an IPv4 network"),
        ("fd00::/64", {}, {}, "network.cidr", "must be an IPv4 network"),
        ("169.254.0.0/16", {}, {}, "network.cidr", "OCI reserves"),
        ("10.0.0.0/16", {"gpus": "10.0.3.0/24"}, {}, "network.subnets.gpus", "Did you mean `gpu`"),
        ("10.0.0.0/16", {"gpu": "10.0.3.1/24"}, {}, "network.subnets.gpu", "Use 10.0.3.0/24"),
        ("10.0.0.0/16", {"gpu": "10.0.3.0/31"}, {}, "network.subnets.gpu", "/30 or larger"),
        ("10.0.0.0/16", {"gpu": "10.1.3.0/24"}, {}, "network.subnets.gpu", "inside the VCN, 10.0.0.0/16"),
        (
            "10.0.0.0/16",
            {"gpu": "10.0.3.0/24", "pods": "10.0.0.0/20"},
            {},
            "network.subnets.pods",
            "must not overlap gpu, 10.0.3.0/24",
        ),
        (
            "10.0.0.0/16",
            {"pods": "10.0.8.0/24"},
            {"pods": 254},
            "network.subnets.pods",
            "has 253 usable addresses and must have 254 or more. /23 is large enough",
        ),
        ("10.0.0.0/24", {}, {"pods": 254}, "network.cidr", "must have room for"),
        ("10.0.0.0/16", {}, {"pod": 1}, "network.needs.pod", "Did you mean `pods`"),
        ("10.0.0.0/16", {}, {"pods": -1}, "network.needs.pods", "0 or more"),
    ],
)
def test_an_invalid_cidr_is_reported_with_its_path_and_a_fix(
    cidr: str, explicit: dict[str, str], needs: dict[str, int], path: str, says: str
):
    problems = list(plan_problems(cidr, explicit, needs, path="network"))
    assert [problem.path for problem in problems] == [path]
    assert says in str(problems[0])


def test_all_problems_of_the_subnets_are_reported_together():
    explicit = {"gpu": "10.1.0.0/24", "pods": "10.0.0.0/24", "database": "10.0.0.0/25"}
    problems = list(plan_problems("10.0.0.0/16", explicit, {"pods": 500}, path="network"))
    assert len(problems) == 3


@pytest.mark.parametrize("prefix", range(26, 31))
@pytest.mark.parametrize("needs", [{}, {"bastion": 1}, {"pods": 62, "gpu": 1}])
def test_a_vcn_that_is_too_small_for_the_plan_is_refused(prefix: int, needs: dict[str, int]):
    problems = list(plan_problems(f"10.0.0.0/{prefix}", needs=needs, path="network"))
    assert [problem.path for problem in problems] == ["network.cidr"]
    assert "must have room" in problems[0].allowed
