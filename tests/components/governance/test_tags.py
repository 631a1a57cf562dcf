"""A tag namespace with its keys, and the default tags of a compartment."""

from typing import Any

import pytest

from components.governance.default_tags import DefaultTagArgs, DefaultTags, DefaultTagsArgs
from components.governance.tag_namespace import TagKeyArgs, TagNamespace, TagNamespaceArgs
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

NAMESPACE, KEY, DEFAULT = (
    f"oci:Identity/{name}:{name[0].upper()}{name[1:]}" for name in ("tagNamespace", "tag", "tagDefault")
)
KEYS = {
    "CostCentre": TagKeyArgs(description="Who pays", cost_tracking=True),
    "Class": TagKeyArgs(description="How secret", value="open", values=("open", "closed")),
}


def namespace(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "namespace_name": "prod-genai",
        "description": "ours",
        "keys": KEYS,
        **changes,
    }
    return run(lambda: TagNamespace("tags", TagNamespaceArgs(**args), oci_options()) and None, preview)


def defaults(preview: bool = False, value: str = "open", **changes: Any) -> Recording:
    wanted = {"Class": DefaultTagArgs(key_id="ocid1.tagdefinition.oc1..k", value=value)}
    args = {"compartment_id": "ocid1.compartment.oc1..c", "defaults": wanted, **changes}
    return run(lambda: DefaultTags("defaults", DefaultTagsArgs(**args), oci_options()) and None, preview)


def test_a_key_has_its_list_of_values_and_can_be_grouped_by_in_cost_reports():
    seen = namespace()
    assert seen.one(NAMESPACE).inputs["name"] == "prod-genai"
    assert seen.named("tags-CostCentre").inputs["isCostTracking"] is True
    assert "validator" not in seen.named("tags-CostCentre").inputs
    assert seen.named("tags-Class").inputs["validator"] == {
        "validatorType": "ENUM",
        "values": ["open", "closed"],
    }
    outputs = seen.named("tags").outputs
    assert outputs
    assert set(outputs["keyIds"]) == {"CostCentre", "Class"}


def test_keys_are_deleted_one_after_the_other():
    later = namespace().named("tags-Class")
    assert any(urn.endswith("::tags-CostCentre") for urn in later.depends_on)


def test_a_first_preview_shows_every_key_with_an_unknown_namespace():
    assert {each.inputs["tagNamespaceId"] for each in namespace(preview=True).of_type(KEY)} == {UNKNOWN}


def test_a_default_gives_its_value_and_refuses_nothing():
    seen = defaults().one(DEFAULT).inputs
    assert seen == {
        "compartmentId": "ocid1.compartment.oc1..c",
        "tagDefinitionId": "ocid1.tagdefinition.oc1..k",
        "value": "open",
        "isRequired": False,
    }
    assert defaults(preview=True).named("defaults").outputs == {"defaultIds": UNKNOWN}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"namespace_name": "a b"}, r"tags\.namespaceName: 'a b'; must be a name of 1 to 100"),
        ({"namespace_name": "Oracle-Tags"}, "must be another name: Oracle keeps"),
        ({"keys": {"a.b": KEYS["Class"]}}, r"tags\.keys\['a\.b'\]: 'a\.b'; must be a key"),
        ({"keys": {**KEYS, "class": KEYS["Class"]}}, "Class is the same key"),
        (
            {"keys": {"K": TagKeyArgs(description="x", value="c", values=("a", "b"))}},
            r"tags\.keys\['K'\]\.value: 'c'; must be one of the key's values",
        ),
        (
            {"keys": {"K": TagKeyArgs(description="x", required=True)}},
            r"tags\.keys\['K'\]\.required: true; must not be set without `value`",
        ),
    ],
)
def test_a_namespace_that_oci_refuses_is_named(changes: dict[str, Any], message: str):
    with pytest.raises(InvalidInput, match=message):
        namespace(**changes)


def test_a_default_that_oci_refuses_is_named():
    with pytest.raises(InvalidInput, match=r"defaults\.defaults\['Class'\]\.value: 257; must be 256"):
        defaults(value="x" * 257)
    with pytest.raises(InvalidInput, match="must have a default or more"):
        defaults(defaults={})
