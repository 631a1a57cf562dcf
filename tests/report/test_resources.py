from dataclasses import dataclass, field

from report.resources import (
    SECRET,
    UNKNOWN,
    as_number,
    from_export,
    from_recording,
    name_of,
    plain,
    stack_outputs,
    type_chain,
    type_of,
)
from tests.report import states


def test_an_export_gives_every_resource_with_type_name_and_kind() -> None:
    found = {r.name: r for r in from_export(states.export(states.staging()))}
    assert found["gpu-pool"].type == "oci:ContainerEngine/nodePool:NodePool"
    assert found["gpu-pool"].custom
    assert not found["network"].custom, "a component does not exist in the cloud"
    assert found["region"].is_provider


def test_resources_in_pending_deletion_are_left_out() -> None:
    old = states.gpu_pool(delete=True)
    found = from_export(states.export([states.gpu_pool(2), old]))
    assert [r.inputs["nodeConfigDetails"] for r in found] == [{"size": 2}]


def test_an_empty_export_has_no_resources() -> None:
    assert from_export({}) == []
    assert from_export({"deployment": None}) == []


def test_secrets_are_hidden_and_unknowns_marked_at_any_depth() -> None:
    value = {"a": [states.SECRET_VALUE, {"b": states.UNKNOWN_VALUE}], "c": 1, "d": None}
    assert plain(value) == {"a": [SECRET, {"b": UNKNOWN}], "c": 1, "d": None}


def test_the_outputs_of_the_stack_contain_no_secret_text() -> None:
    outputs = stack_outputs(from_export(states.export(states.staging())))
    assert outputs["kubeconfig"] == SECRET
    assert outputs["vcnId"] == "ocid1.vcn.oc1.iad.aaaa"
    assert stack_outputs([]) == {}


def test_a_urn_gives_name_type_and_the_chain_of_parents() -> None:
    urn = states.urn("genai:index:A$oci:Core/vcn:Vcn", "net::work$1")
    assert name_of(urn) == "net::work$1", "names may hold what separates a URN"
    assert type_of(urn) == "oci:Core/vcn:Vcn"
    assert type_chain(urn) == ("genai:index:A", "oci:Core/vcn:Vcn")
    assert type_chain("no urn") == ()


@dataclass
class Registration:
    urn: str
    type: str
    name: str
    inputs: dict[str, object] = field(default_factory=dict)
    parent: str = ""


def test_a_recording_of_a_run_without_an_engine_reads_the_same() -> None:
    chain = "genai:index:VirtualNetwork"
    found = from_recording(
        [
            Registration(states.urn(chain, "n"), chain, "n", {}, states.STACK),
            Registration(
                states.urn(f"{chain}$oci:Core/vcn:Vcn", "n-vcn"), "oci:Core/vcn:Vcn", "n-vcn", {"a": 1}
            ),
        ]
    )
    assert [(r.name, r.custom, r.parent) for r in found] == [
        ("n", False, states.STACK),
        ("n-vcn", True, None),
    ]
    assert found[1].outputs == {"a": 1}


@dataclass
class FullRegistration(Registration):
    custom: bool = False


def test_a_recording_that_marks_components_is_used() -> None:
    (chart,) = from_recording([FullRegistration("urn", "kubernetes:helm.sh/v4:Chart", "keda")])
    assert not chart.custom


def test_only_a_finite_number_is_a_number() -> None:
    assert [as_number(value) for value in ("nan", "-inf", float("nan"), 10**400)] == [None] * 4


def test_oci_spells_some_numbers_as_text() -> None:
    assert [as_number(value) for value in (3, 2.5, "512", "big", True, None, [])] == [
        3,
        2.5,
        512,
        None,
        None,
        None,
        None,
    ]
