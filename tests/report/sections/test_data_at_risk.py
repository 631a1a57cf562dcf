"""The section of data at risk: what is first, what fails, and what cannot be told."""

import pytest

from facts.prices import load_prices
from report.changes import changes_of
from report.document.model import Document, FailOn, Section, Sentence, Table
from report.document.values import said
from report.resources import from_state
from report.sections.data_at_risk import data_at_risk
from report.view import View
from tests.report import states

DATABASE = "oci:Psql/dbSystem:DbSystem"
UNKNOWN_TYPE = "aws:s3/bucket:Bucket"
FEWER = {"detailedDiff": {"nodeConfigDetails.size": {"kind": "update"}}}


def section(*steps: dict[str, object]) -> Section:
    changes = changes_of({"steps": list(steps)})
    before = [each.before for each in changes if each.before]
    after = [each.after for each in changes if each.after]
    return data_at_risk(
        View(stack="staging", prices=load_prices(), before=before, after=after, changes=changes)
    )


def deleted(type_: str, **more: object) -> dict[str, object]:
    return states.step("delete", states.state(type_, "it", {}, **more))


def sentences(found: Section) -> list[tuple[str, str]]:
    return [
        (each.level, "".join(said(found, part, "USD") for part in each.parts))
        for each in found.blocks
        if isinstance(each, Sentence)
    ]


@pytest.mark.parametrize(
    ("step", "fails"),
    [
        (deleted(DATABASE), ["data-loss"]),
        (deleted(DATABASE, protect=True), ["data-loss"]),
        (deleted(DATABASE, retainOnDelete=True), []),
        (states.step("delete", states.gpu_pool(2)), ["gpu-loss"]),
        (states.step("delete", states.gpu_pool(2, protect=True)), ["gpu-loss"]),
        (states.step("update", states.gpu_pool(2), states.gpu_pool(1), **FEWER), ["gpu-loss"]),
        (states.step("delete", states.system_pool()), []),
        (deleted("oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment"), []),
        (deleted(UNKNOWN_TYPE), ["data-loss"]),
        (deleted(UNKNOWN_TYPE, retainOnDelete=True), []),
        (deleted("oci:Kms/key:Key"), ["data-loss"]),
        (deleted("oci:Kms/keyVersion:KeyVersion"), ["data-loss"]),
        (deleted("oci:Kms/keyVersion:KeyVersion", retainOnDelete=True), []),
        (deleted("kubernetes:core/v1:Namespace"), ["data-loss"]),
        (deleted("kubernetes:core/v1:ConfigMap"), []),
        (deleted("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshot"), ["data-loss"]),
        (deleted("oci:Core/vcn:Vcn"), []),
    ],
)
def test_only_a_loss_fails_and_so_does_one_that_protection_stops(
    step: dict[str, object], fails: list[FailOn]
) -> None:
    document = Document(stack="staging", origin="", currency="USD", sections=[section(step)])
    kinds: list[FailOn] = ["data-loss", "gpu-loss"]
    assert [kind for kind in kinds if document.failures([kind])] == fails


def test_gpu_nodes_are_the_first_row() -> None:
    found = section(deleted(DATABASE), states.step("delete", states.gpu_pool(2)))
    (table,) = [each for each in found.blocks if isinstance(each, Table)]
    assert sentences(found)[0] == ("alarm", "DANGER: 1 lost, 1 drained")
    first = [
        "".join(said(found, part, "USD") for part in cell)
        for cell in table.rows[0][1:]
        if isinstance(cell, list)
    ]
    assert first[0] == "gpu-pool (node pool)"
    assert first[1].startswith("deletes 2 nodes with 8 GPUs each")


def test_a_type_that_the_toolkit_does_not_know_is_listed() -> None:
    assert sentences(section(deleted(UNKNOWN_TYPE)))[1:] == [
        ("alarm", f"CANNOT TELL whether it holds data: it ({UNKNOWN_TYPE}), to delete"),
        ("warning", f"Unknown types, so the report cannot tell whether they hold data: {UNKNOWN_TYPE}"),
    ]
    created = section(
        states.step("create", None, states.state("kubernetes:acid.zalan.do/v1:postgresql", "db"))
    )
    assert [level for level, _ in sentences(created)] == ["plain", "warning"]


def test_without_a_preview_nothing_is_said_about_a_change() -> None:
    existing = [from_state(states.state(DATABASE, "it", {}))]
    found = data_at_risk(View(stack="staging", prices=load_prices(), before=existing, after=existing))
    assert found.data["known"] is False
    assert sentences(found) == [
        ("plain", "Only a preview of the engine shows what a change puts at risk."),
    ]
