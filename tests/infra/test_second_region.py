"""A new second region: new copies are made there, and the old ones are deleted where they are."""

from dataclasses import replace
from typing import cast

from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import file_of

EXAMPLE = "copied-buckets"


def by_region(region: str) -> tuple[set[str], set[str]]:
    """URNs of the resources in the second region and of the others."""
    file = read_stack_file(EXAMPLE, file_of(EXAMPLE))
    tenancy = {**cast("dict[str, object]", file.sections["tenancy"]), "secondRegion": region}
    sections = {**file.sections, "tenancy": tenancy, "observability": {"logs": {}}}
    found = run_offline(replace(file, sections=sections), EXAMPLE).resources
    there = {each.urn for each in found if f"::oci-{region}::" in each.provider}
    return there, {each.urn for each in found if each.custom} - there


def test_a_new_second_region_makes_every_resource_there_anew_and_no_other() -> None:
    old, others = by_region("us-phoenix-1")
    new, same = by_region("us-chicago-1")
    kinds = {urn.split("::")[2].split("$")[-1] for urn in old}
    assert kinds == {
        "oci:ObjectStorage/bucket:Bucket",
        "oci:Logging/logGroup:LogGroup",
        "oci:Logging/log:Log",
    }
    assert not old & new, "the engine would look for the old one in the new region"
    provider = "pulumi:providers:oci::oci-us-"
    assert {urn for urn in others ^ same if provider not in urn} == set()
    assert {urn.split("::")[-1] for urn in others ^ same} == {"oci-us-phoenix-1", "oci-us-chicago-1"}
