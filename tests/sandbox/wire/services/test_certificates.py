"""Certificates by the official SDK: versions, and a deletion that waits and is cancelled."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from oci.certificates_management import CertificatesManagementClient, models

from sandbox.oci.services.certificates import CERTIFICATE
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

BEGIN, END = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2026, 2031))


def signed_by_itself(number: int) -> tuple[str, str]:
    """A certificate with this serial number, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "api.example.com")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        builder.serial_number(number).not_valid_before(BEGIN).not_valid_after(END).sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def config(kind: Any, number: int, **more: str) -> Any:
    pem, key = signed_by_itself(number)
    return kind(certificate_pem=pem, cert_chain_pem=pem, private_key_pem=key, **more)


@pytest.fixture
def certificates(wire: Wire) -> Any:
    return wire.client(CertificatesManagementClient)


@pytest.fixture
def made(certificates: Any) -> Any:
    details = models.CreateCertificateDetails(
        name="tls",
        compartment_id=COMPARTMENT,
        certificate_config=config(
            models.CreateCertificateByImportingConfigDetails, 255, version_name="first"
        ),
    )
    return certificates.create_certificate(details).data


def stages(certificates: Any, certificate: str) -> dict[int, list[str]]:
    rows = certificates.list_certificate_versions(certificate).data.items
    return {each.version_number: each.stages for each in rows}


def test_a_certificate_is_read_listed_changed_and_moved(wire: Wire, certificates: Any, made: Any) -> None:
    assert (made.lifecycle_state, made.config_type) == ("CREATING", "IMPORTED")
    certificates.get_certificate(made.id)
    read = certificates.get_certificate(made.id).data
    assert (read.lifecycle_state, read.current_version.version_name) == ("ACTIVE", "first")
    assert read.current_version.serial_number == "FF"
    assert read.current_version.validity.time_of_validity_not_after == END
    for wanted in ({"name": "tls"}, {"certificate_id": made.id}):
        (row,) = certificates.list_certificates(compartment_id=COMPARTMENT, **wanted).data.items
        assert (row.id, row.current_version_summary.version_number) == (made.id, 1)
    assert certificates.list_certificates(certificate_id=f"{made.id}x").data.items == []
    details = models.UpdateCertificateDetails(description="of the balancer")
    assert certificates.update_certificate(made.id, details).data.description == "of the balancer"
    assert stages(certificates, made.id) == {1: ["CURRENT", "LATEST"]}
    elsewhere = "ocid1.compartment.oc1..aaaaelsewhere"
    move = models.ChangeCertificateCompartmentDetails(compartment_id=elsewhere)
    certificates.change_certificate_compartment(made.id, move)
    assert certificates.get_certificate(made.id).data.compartment_id == elsewhere


def test_a_new_configuration_is_a_new_version_and_an_old_one_can_be_used_again(
    certificates: Any, made: Any, refused: Callable[[], Refused]
) -> None:
    new = config(models.UpdateCertificateByImportingConfigDetails, 256)
    certificates.update_certificate(made.id, models.UpdateCertificateDetails(certificate_config=new))
    assert stages(certificates, made.id) == {1: ["PREVIOUS"], 2: ["CURRENT", "LATEST"]}
    back = models.UpdateCertificateDetails(current_version_number=1)
    assert certificates.update_certificate(made.id, back).data.current_version.serial_number == "FF"
    assert stages(certificates, made.id) == {1: ["CURRENT"], 2: ["PREVIOUS", "LATEST"]}
    staged = config(models.UpdateCertificateByImportingConfigDetails, 257, stage="PENDING")
    certificates.update_certificate(made.id, models.UpdateCertificateDetails(certificate_config=staged))
    assert stages(certificates, made.id)[3] == ["PENDING", "LATEST"]
    assert certificates.get_certificate(made.id).data.current_version.version_number == 1
    assert certificates.get_certificate_version(made.id, 3).data.serial_number == "101"
    other = config(models.UpdateCertificateByImportingConfigDetails, 258)
    for wrong, status in (
        (models.UpdateCertificateDetails(current_version_number=9), 404),
        (models.UpdateCertificateDetails(current_version_number=2, certificate_config=other), 400),
    ):
        with refused() as refusal:
            certificates.update_certificate(made.id, wrong)
        assert refusal.status == status
    with refused() as refusal:
        certificates.get_certificate_version(made.id, 4)
    assert refusal.status == 404


def test_a_deletion_waits_and_is_cancelled(
    certificates: Any, made: Any, refused: Callable[[], Refused]
) -> None:
    with refused() as refusal:
        certificates.cancel_certificate_deletion(made.id)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    far = models.ScheduleCertificateDeletionDetails(time_of_deletion="2099-01-01T00:00:00Z")
    with refused() as refusal:
        certificates.schedule_certificate_deletion(made.id, far)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    certificates.schedule_certificate_deletion(made.id, models.ScheduleCertificateDeletionDetails())
    waiting = certificates.get_certificate(made.id).data
    assert waiting.lifecycle_state == "PENDING_DELETION"
    assert waiting.time_of_deletion is not None
    certificates.cancel_certificate_deletion(made.id)
    assert certificates.get_certificate(made.id).data.lifecycle_state == "ACTIVE"


def test_the_private_key_is_neither_shown_nor_stored(wire: Wire, certificates: Any, made: Any) -> None:
    assert "PRIVATE KEY" not in str(certificates.get_certificate(made.id).data)
    entry = wire.cloud.find(made.id)
    assert "PRIVATE KEY" not in str((entry.inputs, entry.outputs))


def test_a_certificate_of_the_provider_is_listed_and_has_a_version(wire: Wire, certificates: Any) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    own = create_minimal(driver, CERTIFICATE)
    place = wire.cloud.find(own.id).compartment_id
    assert [each.id for each in certificates.list_certificates(compartment_id=place).data.items] == [own.id]
    assert stages(certificates, own.id) == {1: ["CURRENT", "LATEST"]}


def test_what_no_component_uses_is_refused_by_its_name(
    certificates: Any, refused: Callable[[], Refused]
) -> None:
    with refused() as refusal:
        certificates.list_certificate_authorities()
    assert (refusal.status, refusal.code) == (501, "NotImplemented")
    assert "ListCertificateAuthorities" in refusal.message
