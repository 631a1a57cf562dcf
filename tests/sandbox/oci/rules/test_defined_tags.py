"""What the cloud refuses of defined tags."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import COMPARTMENT, TENANCY, Refused, Service

NAMESPACE = "oci:Identity/tagNamespace:TagNamespace"
KEY = "oci:Identity/tag:Tag"
DEFAULT = "oci:Identity/tagDefault:TagDefault"
BELOW = "oci:Identity/compartment:Compartment"
VCN = "oci:Core/vcn:Vcn"


def _namespace(service: Service, **inputs: Any) -> Entry:
    return service.create(NAMESPACE, **{"compartmentId": TENANCY, "name": "prod-genai"} | inputs)


def _key(service: Service, namespace: Entry, name: str = "Class", **inputs: Any) -> Entry:
    return service.create(KEY, tagNamespaceId=namespace.id, name=name, **inputs)


def _vcn(service: Service, tags: dict[str, Any], **inputs: Any) -> Entry:
    return service.create(VCN, cidrBlocks=["10.0.0.0/16"], definedTags=tags, **inputs)


def test_a_tag_of_the_namespace_is_accepted_in_both_forms(service: Service) -> None:
    _key(service, _namespace(service))
    assert _vcn(service, {"prod-genai.Class": "open"})
    assert _vcn(service, {"Prod-Genai": {"class": "open"}}), "names ignore case"


def test_a_key_that_the_namespace_does_not_have_is_refused(service: Service, refused: Refused) -> None:
    _key(service, _namespace(service))
    message = "The following tag namespaces / keys are not authorized or not found: 'prod-genai.Owner'"
    refused(404, "NotAuthorizedOrNotFound", message, _vcn, service, {"prod-genai.Owner": "x"})


def test_a_namespace_of_elsewhere_is_taken_to_exist_and_one_of_oracle_is_refused(
    service: Service, refused: Refused
) -> None:
    assert _vcn(service, {"Operations.CostCenter": "42"})
    refused(404, "NotAuthorizedOrNotFound", "'oracle-tags'", _vcn, service, {"Oracle-Tags.CreatedBy": "me"})


def test_a_value_outside_the_list_is_refused_and_an_old_one_stays(service: Service, refused: Refused) -> None:
    space = _namespace(service)
    _key(service, space, validator={"validatorType": "ENUM", "values": ["open", "closed"]})
    made = _vcn(service, {"prod-genai.Class": "open"})
    refused(400, "InvalidParameter", "'shut' is not one of", _vcn, service, {"prod-genai.Class": "shut"})
    assert made


def test_a_retired_key_is_not_given_again(service: Service, refused: Refused) -> None:
    _key(service, _namespace(service), isRetired=True)
    refused(400, "InvalidParameter", "is retired", _vcn, service, {"prod-genai.Class": "x"})


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({f"space.k{index}": "x" for index in range(65)}, "65 tags exceed the maximum of 64"),
        ({"space.a b": "x"}, "is not a namespace, a period and a key"),
        ({"space": "x"}, "is not a namespace, a period and a key"),
        ({"space.key": "x" * 257}, "exceeds 256 characters"),
    ],
)
def test_tags_that_no_resource_can_have_are_refused(
    service: Service, refused: Refused, tags: dict[str, str], message: str
) -> None:
    refused(400, "InvalidParameter", message, _vcn, service, tags)


def test_a_required_default_blocks_what_has_no_value_also_below(service: Service, refused: Refused) -> None:
    space = _namespace(service)
    key = _key(service, space)
    below = service.create(BELOW, compartmentId=COMPARTMENT, name="below").id
    service.create(DEFAULT, tagDefinitionId=key.id, value="open", isRequired=True)
    message = "The tag prod-genai.Class is required in the compartment"
    for place in (COMPARTMENT, below):
        refused(400, "InvalidParameter", message, _vcn, service, {}, compartmentId=place)
        assert _vcn(service, {"prod-genai.Class": "open"}, compartmentId=place)
    assert _vcn(service, {}, compartmentId="ocid1.compartment.oc1..aaaaelsewhere")


def test_a_default_takes_only_values_of_its_key_and_is_there_once(service: Service, refused: Refused) -> None:
    key = _key(service, _namespace(service), validator={"validatorType": "ENUM", "values": ["open"]})
    wrong = "value 'shut' is not one of"
    refused(400, "InvalidParameter", wrong, service.create, DEFAULT, tagDefinitionId=key.id, value="shut")
    service.create(DEFAULT, tagDefinitionId=key.id, value="open")
    again = "already exists in the compartment"
    refused(409, "Conflict", again, service.create, DEFAULT, tagDefinitionId=key.id, value="open")


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.b", "cannot contain periods"), ("orcl-cloud", "is reserved"), ("a b", "is invalid")],
)
def test_a_name_that_a_namespace_cannot_have_is_refused(
    service: Service, refused: Refused, name: str, message: str
) -> None:
    refused(400, "InvalidParameter", message, _namespace, service, name=name)


@pytest.mark.parametrize("values", [[], ["x"] * 101, ["x" * 257], [""]])
def test_a_list_of_values_has_its_limits(service: Service, refused: Refused, values: list[str]) -> None:
    validator = {"validatorType": "ENUM", "values": values}
    refused(
        400, "InvalidParameter", "validator.values", _key, service, _namespace(service), validator=validator
    )
