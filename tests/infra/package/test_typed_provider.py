"""The inputs of a program in another language reach the components as their Args."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.errors import InputPropertyError
from pulumi.provider.server import ComponentInitError

from components.database.event_streams import EventStreamsArgs, StreamArgs
from components.network.virtual_network import VirtualNetworkArgs
from infra.package.classes import components
from infra.package.typed_provider import TypedComponentProvider, args_class
from serving.engine.adapters import LoraAdapter
from serving.engine.choices import EngineChoices
from tests.components.network.test_virtual_network import SERVICES, computed
from tests.support.monitor import oci_options, run

PROVIDER = TypedComponentProvider(components(), "genai", version="0.1.0")
NETWORK = {"compartmentId": "c", "cidr": "10.0.0.0/16", "dnsLabel": "mine"}


def mapped(component: str, **inputs: Any) -> Any:
    return PROVIDER.map_inputs(inputs, PROVIDER._component_defs[component])


def test_names_become_snake_case_and_numbers_whole() -> None:
    args = mapped("VirtualNetwork", **NETWORK, addressNeeds={"gpu": 30.0})
    assert args == VirtualNetworkArgs(
        compartment_id="c", cidr="10.0.0.0/16", dns_label="mine", address_needs={"gpu": 30}
    )
    assert type(args.address_needs["gpu"]) is int


def test_args_inside_maps_and_lists_become_args_too() -> None:
    args = mapped(
        "EventStreams",
        compartmentId="c",
        subnetId="s",
        nsgIds=["n"],
        streams={"events": {"partitions": 2.0, "retentionHours": 48.0}},
    )
    streams = {"events": StreamArgs(partitions=2, retention_hours=48)}
    assert args == EventStreamsArgs(compartment_id="c", subnet_id="s", nsg_ids=["n"], streams=streams)
    adapter = {"name": "tuned", "base": "b/m", "repository": "acme/tuned", "revision": "r", "rank": 16.0}
    server = mapped(
        "ModelServer",
        namespace="n",
        model="qwen3-32b",
        shape="BM.GPU.MI300X.8",
        image="i",
        engine={"revision": "r", "gpus": 2.0, "kvCacheType": "fp8", "adapters": [adapter]},
    )
    tuned = LoraAdapter(name="tuned", base="b/m", repository="acme/tuned", revision="r", rank=16)
    assert server.engine == EngineChoices(revision="r", gpus=2, kv_cache_type="fp8", adapters=[tuned])


def test_a_missing_input_is_named() -> None:
    with pytest.raises(InputPropertyError, match="dnsLabel"):
        mapped("VirtualNetwork", compartmentId="c", cidr="10.0.0.0/16")


@pytest.mark.parametrize("component", components(), ids=lambda component: component.__name__)
def test_every_component_declares_a_dataclass_of_arguments(component: type) -> None:
    assert dataclasses.is_dataclass(args_class(component))


def test_a_component_is_constructed_and_gives_its_outputs() -> None:
    states: list[Mapping[str, Any]] = []

    def program() -> None:
        made = PROVIDER.construct("net", "genai:index:VirtualNetwork", dict(NETWORK), oci_options())
        states.append(made.state)

    seen = run(program, outputs=computed, calls={"oci:Core/getServices:getServices": lambda _: SERVICES})

    assert seen.one("oci:Core/vcn:Vcn").inputs["dnsLabel"] == "mine"
    assert {"vcnId", "subnetIds", "subnetCidrs"} <= set(states[0])


def test_a_refusal_ends_the_construction_of_a_component() -> None:
    wanted = {
        "compartmentId": "c",
        "vcnId": "v",
        "subnetCidrs": {"public": "10.0.1.0/24", "private": "10.0.2.0/24", "api": "10.0.0.0/28"},
        "serviceCidr": "all-iad",
        "allowedCidrs": [f"198.51.{index}.0/24" for index in range(120)],
    }

    def program() -> None:
        PROVIDER.construct("groups", "genai:index:SecurityGroups", wanted, oci_options())

    with pytest.raises(ComponentInitError, match=r"groups\.allowedCidrs: 120; must be \d+ CIDRs or fewer"):
        run(program)
