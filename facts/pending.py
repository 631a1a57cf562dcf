"""What OCI deletes only later, and what that keeps taken meanwhile.

Each entry names the page that it was read on. Names: the provider's resource page says within what a name is unique;
that a secret which waits keeps its own is told by external-secrets/external-secrets#6771 (400 InvalidParameter, "name
already exists") and oracle/terraform-provider-oci#1765, that a certificate authority does by the page on deleting one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_DOCS = "https://docs.oracle.com/en-us/iaas/Content"


@dataclass(frozen=True, kw_only=True)
class Pending:
    """How one type of resource is deleted."""

    days: tuple[int, int]
    """The shortest and the longest wait; the longest where none is asked for."""
    cancel: str
    """The command that calls it off; `{id}` stands for the OCID."""
    page: str
    name: str | None = None
    """The input whose value stays taken until the end of the wait; None where names may be the same."""
    within: str = ""
    """The input within which the name is unique."""
    blocks: str = ""
    """What else cannot be done meanwhile."""


PENDING: Mapping[str, Pending] = MappingProxyType(
    {
        "oci:Vault/secret:Secret": Pending(
            days=(1, 30),
            cancel="oci vault secret cancel-secret-deletion --secret-id {id}",
            page=f"{_DOCS}/secret-management/Tasks/delete-secret.htm",
            name="secretName",
            within="vaultId",
            blocks="it cannot be read, rotated or updated",
        ),
        "oci:Kms/key:Key": Pending(
            days=(7, 30),
            cancel="oci kms management key cancel-deletion --key-id {id} --endpoint MANAGEMENT-ENDPOINT",
            page=f"{_DOCS}/KeyManagement/Tasks/managingkeys_topic-To_delete_a_key.htm",
            blocks="what it encrypts cannot be read, and nothing new takes it",
        ),
        "oci:Kms/vault:Vault": Pending(
            days=(7, 30),
            cancel="oci kms management vault cancel-deletion --vault-id {id}",
            page=f"{_DOCS}/KeyManagement/Tasks/managingvaults_topic-To_delete_a_vault.htm",
            blocks="its keys wait with it; its compartment cannot be deleted (oracle/terraform-provider-oci#1562)",
        ),
        "oci:CertificatesManagement/certificate:Certificate": Pending(
            days=(1, 30),
            cancel="oci certs-mgmt certificate cancel-deletion --certificate-id {id}",
            page=f"{_DOCS}/certificates/deleting-certificate.htm",
            name="name",
            within="compartmentId",
            blocks="balancers cannot take it",
        ),
        "oci:CertificatesManagement/certificateAuthority:CertificateAuthority": Pending(
            days=(7, 30),
            cancel="oci certs-mgmt certificate-authority cancel-deletion --certificate-authority-id {id}",
            page=f"{_DOCS}/certificates/deleting-certificate-authority.htm",
            name="name",
            within="compartmentId",
            blocks="it counts against its limit, and issues nothing",
        ),
    }
)

FREED: Mapping[str, str] = MappingProxyType(
    {
        "oci:Identity/compartment:Compartment": (
            "minutes; must be empty. Its name is free afterwards, for the deleted one gets another: "
            f"{_DOCS}/Identity/compartments/To_delete_a_compartment.htm"
        ),
        "oci:Identity/tagNamespace:TagNamespace": (
            "must be retired first, and a retired one keeps its name; deletion takes up to 48 hours, then the name is "
            "free: https://docs.oracle.com/iaas/tools/oci-cli/latest/oci_cli_docs/cmdref/iam/tag-namespace/"
            "cascade-delete.html"
        ),
    }
)
"""What takes its time without a wait that can be called off."""
