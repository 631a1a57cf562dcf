"""Every resource that takes defined tags has those of the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from facts.provider_fields import resource_fields
from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, StackFile, read_stack_file
from tests.infra.snapshots import run

NAMESPACE = "oci:Identity/tagNamespace:TagNamespace"
OWN = (NAMESPACE, "oci:Identity/tag:Tag")
TAGS = {
    "prod-genai.CostCentre": "genai",
    "prod-genai.Environment": "prod",
    "prod-genai.Owner": "platform-team",
    "prod-genai.DataClassification": "confidential",
}


def changed(**tags: Any) -> StackFile:
    """Prod's file with other tags."""
    file = read_stack_file("prod", ROOT / "Pulumi.prod.yaml")
    governance = cast("dict[str, Any]", file.sections["governance"])
    governance = {**governance, "tags": {**governance["tags"], **tags}}
    return replace(file, sections={**file.sections, "governance": governance})


def parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """A value and the mappings in it."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


def test_every_resource_that_takes_defined_tags_has_them_and_waits_for_the_keys():
    seen = [each for each in run("prod").resources if each.type not in OWN]
    taking = [
        each
        for each in seen
        if (fields := resource_fields(each.type)) and (field := fields.get("definedTags")) and field.optional
    ]
    assert len(taking) > 80
    for each in taking:
        assert each.inputs["definedTags"] == TAGS, each.urn
        assert any(urn.endswith("::prod-tags-CostCentre") for urn in each.depends_on), each.urn


def test_parts_with_free_form_tags_have_the_defined_ones_too():
    seen = [each for each in run("prod").resources if each.type not in OWN]
    tagged = [part for each in seen for part in parts(dict(each.inputs)) if "freeformTags" in part]
    assert all(part["definedTags"] == TAGS for part in tagged)
    pool = next(each for each in seen if each.type == "oci:ContainerEngine/nodePool:NodePool")
    assert pool.inputs["nodeConfigDetails"]["definedTags"] == TAGS


def test_an_existing_namespace_is_only_used():
    seen = run_offline(changed(namespace="Operations", manage=False, ignored=["Finance.Unit"]), "prod")
    tagging = [each for each in seen.resources if each.type in (*OWN, "oci:Identity/tagDefault:TagDefault")]
    assert all("creator" in each.urn for each in tagging)
    vcn = next(each for each in seen.resources if each.type == "oci:Core/vcn:Vcn")
    assert vcn.inputs["definedTags"]["Operations.Owner"] == "platform-team"
    provider = next(each for each in seen.resources if each.type == "pulumi:providers:oci")
    assert "Finance.Unit" in provider.inputs["ignoreDefinedTags"]
    grants = [
        text
        for each in seen.resources
        for text in each.inputs.get("statements", ())
        if " use tag-namespaces " in text
    ]
    assert len(grants) == 5
    assert all(
        "in tenancy where" in text and "target.tag-namespace.name = 'Operations'" in text for text in grants
    )


def test_the_manager_of_the_tenancy_tags_creators_and_every_provider_leaves_that_tag_alone():
    seen = run("prod")
    default = next(each for each in seen.resources if each.name.startswith("prod-creator-default-tag-"))
    key = next(each for each in seen.resources if each.name == "prod-creator-tag-CreatedBy")
    assert default.inputs["value"] == "${iam.principal.name}"
    assert default.inputs["compartmentId"].startswith("ocid1.tenancy.")
    assert any("prod-tags" in urn for urn in key.depends_on), "OCI deletes one key of a tenancy at a time"
    providers = [
        each
        for name in ("prod", "dev")
        for each in run(name).resources
        if each.type == "pulumi:providers:oci"
    ]
    assert len(providers) == 5
    assert all("genai-playground.CreatedBy" in each.inputs["ignoreDefinedTags"] for each in providers)


@pytest.mark.parametrize("stack", ["dev"])
def test_a_stack_without_tags_has_none(stack: str):
    assert not any("definedTags" in each.inputs for each in run(stack).resources)
