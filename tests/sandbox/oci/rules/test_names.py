"""Refusals of names and tags that all services share."""

import pytest

from tests.sandbox.oci.conftest import Refused, Service

VCN = "oci:Core/vcn:Vcn"


def test_more_than_five_kilobytes_of_tags_are_refused(service: Service, refused: Refused) -> None:
    few = {f"Operations.Key{number}": "x" * 200 for number in range(20)}
    many = {f"Operations.Key{number}": "x" * 200 for number in range(30)}
    assert service.create(VCN, cidrBlocks=["10.0.0.0/16"], definedTags=few)
    message = "they cannot exceed 5120 bytes"
    refused(
        400, "InvalidParameter", message, service.create, VCN, cidrBlocks=["10.1.0.0/16"], definedTags=many
    )


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({f"key{number}": "x" for number in range(11)}, "11 tags exceed the maximum of 10"),
        ({"k" * 101: "x"}, "must have 1 to 100 printable ASCII characters"),
        ({"a b": "x"}, "without periods and spaces"),
        ({"a.b": "x"}, "without periods and spaces"),
        ({"Größe": "x"}, "printable ASCII"),
        ({"key": "x" * 257}, "exceeds 256 characters"),
    ],
)
def test_invalid_free_form_tags_are_refused(
    service: Service, refused: Refused, tags: dict[str, str], message: str
) -> None:
    refused(
        400, "InvalidParameter", message, service.create, VCN, cidrBlocks=["10.0.0.0/16"], freeformTags=tags
    )
