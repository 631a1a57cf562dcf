"""Certificates: imports, names, versions, and the listeners that use them.

Authorities, CA bundles, associations and revocations are not answered by the REST API: no component uses them.
"""

from collections.abc import Mapping
from typing import Any, Final

from facts.oci_api import model
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import body_inputs, changed, required
from sandbox.oci.api.listing import page
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.pending import cancelled, scheduled
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed, provider_time
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.pending import DOCS, Wait, waits
from sandbox.oci.rules.reading import blocks, one_of
from sandbox.oci.services.vault.versions import Version, Versions, save, versions_of
from sandbox.store import Store, now

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


@rule(CERTIFICATE, on="update")
def version_in_use(call: Call) -> None:
    """400 for a version to use beside a new configuration, 404 for a version that the certificate does not have.

    Source of the first: `currentVersionNumberUpdateHasConflicts` in certificates_management_certificate_resource.go of
    terraform-provider-oci 8.28.0. The statuses are unverified.
    """
    wanted = call.inputs.get("currentVersionNumber")
    if call.old is None or not wanted or str(wanted) == call.old.outputs.get("currentVersionNumber"):
        return
    if _public(call.inputs) not in ([], _public(call.old.inputs)):
        raise invalid_parameter("currentVersionNumber must not be given together with certificateConfig.")
    if _number(wanted) not in _versions(call.cloud.store, call.old).known:
        raise not_found(f"Version {wanted} of the certificate {call.old.id}.")


def _public(inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The configuration without its secrets, of which only digests are stored."""
    return [
        {name: value for name, value in each.items() if not name.startswith("privateKey")}
        for each in blocks(inputs, "certificateConfig")
    ]


@computed(CERTIFICATE)
def certificate_outputs(context: CreateContext) -> dict[str, Any]:
    """Another configuration is a new version; `currentVersionNumber` puts another version in use."""
    store, old = context.cloud.store, context.old or {}
    config = next(iter(blocks(context.outputs, "certificateConfig")), {})
    versions = versions_of(store, context.id, old.get("currentVersionNumber"))
    wanted = _number(context.inputs.get("currentVersionNumber"))
    if not versions.known or old.get("certificateConfig") != context.outputs.get("certificateConfig"):
        public, name = str(config.get("certificatePem") or ""), str(config.get("versionName") or "")
        versions = versions.added(Version(public, name, now()), str(config.get("stage") or "").upper())
    elif wanted in versions.known:
        versions = versions.promoted(wanted)
    save(store, context.id, versions)
    own = {name: config.get(name) for name in _OF_THE_CONFIGURATION}
    shown = _version(context.id, versions, versions.current)
    return own | {"currentVersionNumber": str(versions.current), "currentVersions": [shown]}


_OF_THE_CONFIGURATION: Final = (
    "configType",
    "issuerCertificateAuthorityId",
    "certificateProfileType",
    "keyAlgorithm",
    "signatureAlgorithm",
)


def _number(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() else 0


def _versions(store: Store, entry: Entry) -> Versions:
    return versions_of(store, entry.id, entry.outputs.get("currentVersionNumber"))


def _version(certificate: str, versions: Versions, number: int) -> dict[str, Any]:
    """A version as the provider shows it."""
    found = versions.known[number]
    return {
        "certificateId": certificate,
        "versionNumber": str(number),
        "versionName": found.name,
        "stages": versions.stages(number),
        "timeCreated": found.created or provider_time(),
        **_read(found.content),
    }


def _read(pem: str) -> dict[str, Any]:
    """The serial number and the validity of a certificate; nothing for an invalid text."""
    from cryptography import x509  # noqa: PLC0415 - it takes long to load, and few stacks have a certificate

    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return {}
    begin, end = found.not_valid_before_utc, found.not_valid_after_utc
    validity = {"timeOfValidityNotBefore": provider_time(begin), "timeOfValidityNotAfter": provider_time(end)}
    return {"serialNumber": f"{found.serial_number:X}", "validities": [validity]}


_CERTIFICATES: Final = "certificates_management.CertificatesManagementClient"
endpoint(CERTIFICATE, _CERTIFICATES, "certificate", names={"currentVersionSummary": "currentVersions"})


@answers(_CERTIFICATES, "update_certificate")
def update_certificate(request: Request) -> Response:
    """Change what the body names. A version in use is no longer wanted when a new one comes."""
    found = endpoint_of(CERTIFICATE)
    entry, given = required(found, request), body_inputs(found, request)
    if "certificateConfig" in given:
        given = {"currentVersionNumber": None, **given}
    return changed(found, request, entry, given)


@answers(_CERTIFICATES, "schedule_certificate_deletion")
def schedule_certificate_deletion(request: Request) -> Response:
    """Let a certificate wait for its deletion, for 30 days unless another time is given."""
    return scheduled(endpoint_of(CERTIFICATE), request)


@answers(_CERTIFICATES, "cancel_certificate_deletion")
def cancel_certificate_deletion(request: Request) -> Response:
    """Have a certificate back that waits for its deletion."""
    return cancelled(endpoint_of(CERTIFICATE), request)


@answers(_CERTIFICATES, "list_certificate_versions", reads=("versionNumber",), lists=True)
def list_certificate_versions(request: Request) -> Response:
    """The versions of a certificate."""
    entry = required(endpoint_of(CERTIFICATE), request)
    versions = _versions(request.cloud.store, entry)
    return page(request, [_body(entry, versions, number) for number in versions.known])


@answers(_CERTIFICATES, "get_certificate_version")
def get_certificate_version(request: Request) -> Response:
    """One version. 404 for a number that the certificate does not have."""
    entry = required(endpoint_of(CERTIFICATE), request, "certificateId")
    versions, number = (
        _versions(request.cloud.store, entry),
        _number(request.path["certificateVersionNumber"]),
    )
    if number not in versions.known:
        raise not_found(f"Version {number} of the certificate {entry.id}.")
    return Response(body=_body(entry, versions, number))


def _body(entry: Entry, versions: Versions, number: int) -> dict[str, Any]:
    """A version as the API shows it."""
    summary = model("certificates_management", "CertificateVersionSummary")
    fields = fields_of_type(CERTIFICATE)["currentVersions"].of
    if summary is None or not isinstance(fields, Mapping):
        raise LookupError("currentVersions")
    return body_of(summary, _version(entry.id, versions, number), fields, {})
