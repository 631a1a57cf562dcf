"""Certificates: imports, names, and the listeners that use them."""

from typing import Final

from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.pending import DOCS, Wait, waits
from sandbox.oci.rules.reading import blocks, one_of

CERTIFICATE: Final = "oci:CertificatesManagement/certificate:Certificate"

AUTHORITY: Final = "oci:CertificatesManagement/certificateAuthority:CertificateAuthority"

waits(
    CERTIFICATE,
    Wait(
        days=(1, 30),
        cancel="oci certs-mgmt certificate cancel-deletion --certificate-id {id}",
        page=f"{DOCS}/certificates/deleting-certificate.htm",
        name="name",
        within="compartmentId",
        blocks="balancers cannot take it",
    ),
)
waits(
    AUTHORITY,
    Wait(
        days=(7, 30),
        cancel="oci certs-mgmt certificate-authority cancel-deletion --certificate-authority-id {id}",
        page=f"{DOCS}/certificates/deleting-certificate-authority.htm",
        name="name",
        within="compartmentId",
        blocks="it counts against its limit, and issues nothing",
    ),
)
_TYPES: Final = ("IMPORTED", "ISSUED_BY_INTERNAL_CA", "MANAGED_EXTERNALLY_ISSUED_BY_INTERNAL_CA")
_PEM: Final = {
    "certificatePem": "-----BEGIN CERTIFICATE-----",
    "certChainPem": "-----BEGIN CERTIFICATE-----",
    "privateKeyPem": "-----BEGIN ",
}


@rule(CERTIFICATE, on="create update")
def certificate(call: Call) -> None:
    """400 for an unknown type, or an import without certificate, chain and key in PEM."""
    for each in blocks(call.inputs, "certificateConfig"):
        refusal = one_of("configType", each.get("configType"), _TYPES)
        if refusal:
            raise refusal
        if each.get("configType") != "IMPORTED":
            if not each.get("issuerCertificateAuthorityId"):
                raise invalid_parameter("issuerCertificateAuthorityId is required for this configType.")
            continue
        for field, beginning in _PEM.items():
            text = str(each.get(field) or "")
            if not text.lstrip().startswith(beginning):
                raise invalid_parameter(f"{field} is required, in PEM format, when configType is IMPORTED.")
        if str(each["certificatePem"]).count("BEGIN CERTIFICATE") > 1:
            raise invalid_parameter("certificatePem must hold exactly one certificate.")


@rule(CERTIFICATE, on="delete")
def certificate_is_free(call: Call) -> None:
    """409 while a listener uses the certificate."""
    if call.old and call.cloud.referrers(call.old.id):
        raise conflict(f"Certificate {call.old.id} has associations.", "IncorrectState")
