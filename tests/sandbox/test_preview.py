"""The first lines of a preview on the sandbox."""

from pathlib import Path
from typing import Any

import pytest

from report.danger import FORESEEN
from sandbox.engine_page import without_log
from sandbox.preview import refusal_lines

VCN = "urn:pulumi:s::p::oci:Core/vcn:Vcn::vcn"
SUBNETS = [f"urn:pulumi:s::p::oci:Core/subnet:Subnet::subnet-{letter}" for letter in "abcdefgh"]
OTHER = "urn:pulumi:s::p::oci:ObjectStorage/bucket:Bucket::uploads"


def step(urn: str, id_: str | None, **inputs: Any) -> dict[str, Any]:
    return {"urn": urn, "oldState": {"id": id_} if id_ else None, "newState": {"inputs": inputs}}


STEPS = [
    step(VCN, "ocid1.vcn.a", cidrBlocks=["10.8.0.0/16"]),
    *(step(urn, f"ocid1.subnet.{index}", vcnId="ocid1.vcn.a") for index, urn in enumerate(SUBNETS)),
    step(OTHER, None, name="one"),
]


def test_a_network_that_moves_is_one_line_with_a_count_of_its_subnets():
    refused = [*((urn, "400-InvalidParameter, not in the VCN") for urn in SUBNETS), (VCN, "400-X, in use")]
    (line,) = refusal_lines(refused, STEPS)
    assert line.startswith("REFUSED: vcn, and 8 that refer to it (subnet-a, ")
    assert line.endswith(f": {FORESEEN}: 400-X, in use"), "the cause is shown in the cloud's words"


def test_an_unrelated_refusal_has_its_own_line():
    refused = [(VCN, "400-X, in use"), (OTHER, "409-Y, taken"), (SUBNETS[0], "400-Z, too small")]
    lines = refusal_lines(refused, STEPS)
    assert [line.partition(",")[0].partition(": the")[0] for line in lines] == [
        "REFUSED: vcn",
        "REFUSED: uploads",
    ]


def test_a_subnet_that_is_refused_alone_keeps_its_line():
    assert refusal_lines([(SUBNETS[0], "400-Z, too small")], STEPS) == [
        f"REFUSED: subnet-a: {FORESEEN}: 400-Z, too small"
    ]


def test_no_refusal_is_lost_in_a_chain_or_a_circle_of_references():
    chain = [step("a::a", "id-1"), step("a::b", "id-2", of="id-1"), step("a::c", "id-3", of="id-2")]
    assert refusal_lines([(each["urn"], "no") for each in chain], chain) == [
        f"REFUSED: a, and 2 that refer to it (b, c): {FORESEEN}: no"
    ]
    circle = [step("a::a", "id-1", of="id-2"), step("a::b", "id-2", of="id-1")]
    assert len(refusal_lines([(each["urn"], "no") for each in circle], circle)) == 2


def test_a_resource_that_is_refused_twice_has_one_line_for_each_reason():
    refused = [
        (SUBNETS[0], "400-Z, too small"),
        (VCN, "400-X, in use"),
        (VCN, "409-Y, is peered"),
        (VCN, "400-X, in use"),
    ]
    assert refusal_lines(refused, STEPS) == [
        f"REFUSED: vcn, and 1 that refer to it (subnet-a): {FORESEEN}: 400-X, in use",
        f"REFUSED: vcn: {FORESEEN}: 409-Y, is peered",
    ]


def test_refusals_of_resources_that_the_engine_does_not_name_are_all_shown():
    assert refusal_lines([("", "400-X, one"), ("", "400-X, two")], STEPS) == [
        f"REFUSED: {FORESEEN}: 400-X, one",
        f"REFUSED: {FORESEEN}: 400-X, two",
    ]


@pytest.mark.parametrize("words", [["--event-log", "log.json"], ["--event-log=log.json"]])
def test_the_log_of_a_caller_is_where_the_caller_is(words: list[str], monkeypatch: Any, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert without_log(["preview", *words, "--stack", "dev"]) == (
        ["preview", "--stack", "dev"],
        tmp_path / "log.json",
    )
    assert without_log(["preview", "--diff"]) == (["preview", "--diff"], None)
