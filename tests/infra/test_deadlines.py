"""Every hop waits longer than the hop behind it, in what each stack registers: engine, router, Envoy, balancer."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import EXAMPLES, STACKS, file_of, plain, run

BEHIND_A_GATEWAY = [
    stack
    for stack in (*STACKS, *EXAMPLES)
    if "tenants"
    in cast("Mapping[str, object]", read_stack_file(stack, file_of(stack)).sections.get("traffic", {}))
]

DRAINS = ("--shutdown-timeout", "--shutdown-grace-period-secs")


def inputs(stack: str, kind: str, name: str = "") -> list[dict[str, Any]]:
    found = [each for each in run(stack).resources if each.type == kind]
    return [plain(dict(each.inputs)) for each in found if name in each.name]


def words(spec: Any) -> Iterator[list[str]]:
    """The command lines in a specification."""
    if isinstance(spec, dict):
        if isinstance(spec.get("args"), list):
            yield [str(word) for word in spec["args"]]
        for inner in spec.values():
            yield from words(inner)
    elif isinstance(spec, list):
        for inner in spec:
            yield from words(inner)


def options(stack: str, name: str) -> list[int]:
    """The values of an option in every command line of the stack."""
    found: list[int] = []
    for each in run(stack).resources:
        for line in words(plain(dict(each.inputs))):
            text = " ".join(line).replace("=", " ").split()
            found += [int(text[place + 1]) for place, word in enumerate(text) if word == name]
    return found


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def envoys(stack: str) -> list[int]:
    """How long the Envoys of the models wait for running requests."""
    specs = [
        each["spec"]
        for each in inputs(stack, "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy", "models")
    ]
    return [seconds(spec["shutdown"]["drainTimeout"]) for spec in specs]


def routes(stack: str) -> list[int]:
    """The time limits of the tenants' routes."""
    made = inputs(stack, "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute")
    return [seconds(rule["timeouts"]["request"]) for each in made for rule in each["spec"]["rules"]]


def balancers(stack: str) -> list[int]:
    """How long load balancers let a connection be silent."""
    listeners = inputs(stack, "oci:LoadBalancer/listener:Listener")
    found = [each.get("connectionConfiguration") or {} for each in listeners]
    return [int(each["idleTimeoutInSeconds"]) for each in found if "idleTimeoutInSeconds" in each]


@pytest.mark.parametrize("stack", BEHIND_A_GATEWAY)
def test_a_stopping_part_waits_longer_than_the_part_behind_it(stack: str) -> None:
    engine, router = (options(stack, name) for name in DRAINS)
    assert engine
    assert envoys(stack)
    longest = max([*engine, *router])
    assert not router or min(router) > max(engine)
    assert min(envoys(stack)) > longest
    assert all(idle > max(envoys(stack)) for idle in balancers(stack))


@pytest.mark.parametrize("stack", BEHIND_A_GATEWAY)
def test_a_request_may_take_longer_at_each_hop_and_less_than_the_balancer_waits(stack: str) -> None:
    router = options(stack, "--request-timeout-secs")
    assert routes(stack)
    assert min(routes(stack)) > max([*options(stack, "--shutdown-timeout"), *router])
    assert all(idle > max(routes(stack)) for idle in balancers(stack))


def test_stacks_with_and_without_a_balancer_are_compared() -> None:
    assert {bool(balancers(stack)) for stack in BEHIND_A_GATEWAY} == {True, False}
    assert {"staging", "prod"} <= {*BEHIND_A_GATEWAY}
