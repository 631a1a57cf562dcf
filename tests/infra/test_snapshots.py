"""The program registers the same resources as before, or takes them over with aliases."""

from dataclasses import replace

import pytest

from infra.offline.recording import FormerPlace, Recording, Registered
from report.architecture import architecture_of
from report.drawing.architecture import architecture
from report.resources import from_recording
from tests.infra.snapshots import EXAMPLES, STACKS, lost, plain, read, run, snapshot, urns_of
from tests.support.drawings import faults
from tools import pictures

HOW = "take a wanted change over with: python -m tests.infra.snapshots"


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_the_program_registers_what_the_snapshot_says(stack: str):
    now = {each["urn"]: each["inputs"] for each in snapshot(run(stack), brief=stack in EXAMPLES)}
    before = {each["urn"]: each["inputs"] for each in read(stack)}
    changed = sorted(urn for urn in now.keys() | before.keys() if now.get(urn) != before.get(urn))
    assert not changed, HOW


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_every_resource_of_the_baseline_still_exists_or_has_an_alias(stack: str):
    assert read(stack), HOW
    assert lost(read(stack), run(stack)) == [], "these would be destroyed: give them aliases"


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_the_picture_of_the_architecture_has_no_text_that_overlaps_or_leaves_its_box(stack: str):
    resources = from_recording(run(stack).resources)
    data = architecture_of(resources, stack)
    assert faults(architecture(data)) == []
    assert data["unknownCount"] == 0
    if stack in pictures.STACKS:
        current = (pictures.FOLDER / f"{stack}.svg").read_text("utf-8")
        assert current == pictures.picture(resources, stack), "run `make docs`"


PARENT = Registered(
    urn="urn:pulumi:s::p::genai:index:Net::net",
    type="genai:index:Net",
    name="net",
    parent="",
    custom=False,
    inputs={},
)
CHILD = replace(
    PARENT,
    urn="urn:pulumi:s::p::genai:index:Net$oci:Core/vcn:Vcn::net-vcn",
    type="oci:Core/vcn:Vcn",
    name="net-vcn",
    parent=PARENT.urn,
    custom=True,
)
RENAMED = replace(PARENT, urn="urn:pulumi:s::p::genai:index:Net::web", name="web")
RENAMED_CHILD = replace(
    CHILD,
    urn="urn:pulumi:s::p::genai:index:Net$oci:Core/vcn:Vcn::web-vcn",
    name="web-vcn",
    parent=RENAMED.urn,
)
BASELINE = [{"urn": PARENT.urn}, {"urn": CHILD.urn}]


def test_a_renamed_resource_without_an_alias_is_lost():
    found = Recording(resources=[RENAMED, RENAMED_CHILD])
    assert lost(BASELINE, found) == [CHILD.urn, PARENT.urn]


def test_an_alias_by_name_keeps_a_component_and_its_children():
    renamed = replace(RENAMED, aliases=(FormerPlace(name="net"),))
    assert lost(BASELINE, Recording(resources=[renamed, RENAMED_CHILD])) == []


def test_an_alias_by_urn_keeps_a_resource():
    moved = replace(RENAMED_CHILD, aliases=(FormerPlace(urn=CHILD.urn),))
    assert CHILD.urn in urns_of(moved, {RENAMED.urn: RENAMED})


def test_an_alias_without_a_parent_is_a_resource_of_the_stack():
    moved = replace(CHILD, aliases=(FormerPlace(no_parent=True),))
    assert "urn:pulumi:s::p::oci:Core/vcn:Vcn::net-vcn" in urns_of(moved, {PARENT.urn: PARENT})


def test_an_alias_by_type_keeps_a_resource():
    moved = replace(CHILD, aliases=(FormerPlace(type="oci:core/vcn:Vcn"),))
    assert "urn:pulumi:s::p::genai:index:Net$oci:core/vcn:Vcn::net-vcn" in urns_of(
        moved, {PARENT.urn: PARENT}
    )


def test_a_snapshot_contains_no_secret_and_no_long_text():
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}
    shown = plain({"token": secret, "script": "x" * 1000, "size": 3.0, "share": 0.5})
    assert shown["token"] == "[secret]"
    assert shown["script"].startswith("1000 characters, sha256:")
    assert (shown["size"], shown["share"]) == (3, 0.5)


def test_the_kubeconfig_is_secret_in_the_snapshots():
    providers = [
        each for each in read("staging") if each["urn"].endswith("pulumi:providers:kubernetes::kubernetes")
    ]
    assert [each["inputs"]["kubeconfig"] for each in providers] == ["[secret]"]
