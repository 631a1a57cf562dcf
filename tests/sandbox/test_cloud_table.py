"""`sandbox cloud` on a terminal of 80 columns: one line for each resource, no word cut in two."""

from typing import Any

import pytest

from sandbox.cloud_table import LONG, RULE
from sandbox.oci.cloud import Cloud
from sandbox.store import Store

from .conftest import Run, entry

NSG = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
GROUP = "ocid1.networksecuritygroup.oc1.iad.aaaa"


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.cloud_view.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")


def rules(model: Cloud, count: int) -> None:
    model.save(entry(GROUP, NSG, displayName="gpu-group"))
    for index in range(count):
        made: Any = entry(f"{index:06X}", RULE, networkSecurityGroupId=GROUP, description=f"rule {index}")
        model.save(made)


def test_the_list_begins_with_counts_and_has_a_line_for_each_resource_by_name(run: Run, model: Cloud) -> None:
    lines = run("list").stdout.splitlines()
    assert lines[0].startswith("2 resources: 1 Core Subnet, 1 Core Vcn")
    assert [line.split() for line in lines[-2:]] == [
        ["Core", "Subnet", "gpu-of-pulumi"],
        ["Core", "Vcn", "net-of-pulumi"],
    ]


def test_the_rules_of_a_group_are_one_line_unless_requested(run: Run, model: Cloud) -> None:
    rules(model, 7)
    (line,) = [line for line in run("list").stdout.splitlines() if line.startswith("security rules")]
    assert line.split() == ["security", "rules", "gpu-group-of-pulumi", "7", "rules"]
    asked = run("list", "--type", "NetworkSecurityGroupSecurityRule").stdout.splitlines()
    assert len(asked) >= 7


def test_no_line_of_the_list_is_longer_than_the_terminal_and_no_word_is_lost(run: Run, model: Cloud) -> None:
    long = "ocid1.capacityreservation.oc1.iad." + "a" * 44
    model.require(long, path="capacityReservationId")
    shown = run("list").stdout
    assert long in shown, "an id is copied from here"
    assert all(len(line) <= 80 or long in line for line in shown.splitlines()), shown


def test_an_unusual_state_is_shown(run: Run, model: Cloud) -> None:
    model.require("ocid1.image.oc1.iad.aaaa", path="imageId")
    (line,) = [line for line in run("list").stdout.splitlines() if "ocid1.image" in line]
    assert line.endswith("assumed")


def test_an_empty_list_says_so(run: Run) -> None:
    assert "no resources" in run("list").stderr


def test_only_the_length_of_a_long_value_is_shown_unless_requested(run: Run, model: Cloud) -> None:
    script = "x" * (LONG + 1)
    token = "oci:Core/instance:Instance"
    model.save(
        entry("ocid1.instance.oc1.iad.aaaa", token, displayName="node", metadata={"user_data": script})
    )
    short = run("show", "node").stdout
    assert script not in short
    assert f"({LONG + 1} characters: --full shows them)" in short
    assert script in run("show", "node", "--full").stdout
    assert script in run("show", "node", "--json").stdout, "a program gets everything"


def test_an_event_is_shown_with_the_name_of_its_resource(run: Run, store: Store) -> None:
    store.record("oci", "create", "ocid1.vcn.oc1.iad.aaaa", urn="urn:pulumi:s::p::oci:Core/vcn:Vcn::net-vcn")
    store.record("oci", "refused", "x", urn="", message="no " * 60)
    lines = run("events").stdout.splitlines()
    assert any(line.endswith("oci create  net-vcn") for line in lines)
    assert all(len(line) <= 84 for line in lines), "wrapped at words"
