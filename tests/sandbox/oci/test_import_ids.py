"""Ids with which the provider imports resources: the last part is the resource's own id."""

import pytest

from sandbox.oci.import_ids import imported_id
from tests.sandbox.oci.conftest import TENANCY, Service

RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"


@pytest.mark.parametrize(
    ("token", "given", "own"),
    [
        (
            "oci:Kms/key:Key",
            "managementEndpoint/https://a.kms.example/keys/ocid1.key.oc1.iad.x",
            "ocid1.key.oc1.iad.x",
        ),
        ("oci:Kms/key:Key", "ocid1.key.oc1.iad.x", "ocid1.key.oc1.iad.x"),
        ("oci:Kms/key:Key", "keys/ocid1.key.oc1.iad.x", "keys/ocid1.key.oc1.iad.x"),
        ("oci:Logging/log:Log", "logGroupId/g/logId/l", "l"),
        ("oci:Budget/rule:Rule", "budgets/b/alertRules/r", "r"),
        (RULE, "networkSecurityGroups/n/securityRules/F00", "F00"),
        ("oci:Core/vcn:Vcn", "logGroupId/g/logId/l", "logGroupId/g/logId/l"),
    ],
)
def test_an_import_id_has_the_form_of_its_type(token: str, given: str, own: str) -> None:
    assert imported_id(token, given, lambda _: ()) == own


def test_a_tag_is_found_by_its_namespace_and_name(service: Service) -> None:
    one, other = (
        service.create("oci:Identity/tagNamespace:TagNamespace", compartmentId=TENANCY, name=name)
        for name in ("one", "other")
    )
    for space in (one, other):
        made = service.create("oci:Identity/tag:Tag", tagNamespaceId=space.id, name="Owner")
        given = f"tagNamespaces/{space.id}/tags/Owner"
        assert imported_id("oci:Identity/tag:Tag", given, service.cloud.all) == made.id
    given = f"tagNamespaces/{one.id}/tags/Unit"
    assert imported_id("oci:Identity/tag:Tag", given, service.cloud.all) == given, "there is no such key"
