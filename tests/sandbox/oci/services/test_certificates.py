"""What certificates refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

LISTENER = "oci:LoadBalancer/listener:Listener"
CERTIFICATE = "oci:CertificatesManagement/certificate:Certificate"
PEM = {
    "configType": "IMPORTED",
    "certificatePem": "-----BEGIN CERTIFICATE-----",
    "certChainPem": "-----BEGIN CERTIFICATE-----",
    "privateKeyPem": "-----BEGIN PRIVATE KEY-----",
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"configType": "LETS_ENCRYPT"}, "configType must be one of"),
        ({"certChainPem": None}, "certChainPem is required"),
        ({"privateKeyPem": "secret"}, "privateKeyPem is required, in PEM format"),
        ({"certificatePem": PEM["certificatePem"] * 2}, "exactly one certificate"),
    ],
)
def test_an_ill_formed_certificate_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    config = {**PEM, **wrong}
    refused(
        400, "InvalidParameter", message, service.create, CERTIFICATE, name="tls", certificateConfig=config
    )


def test_a_certificate_in_use_cannot_be_deleted(
    service: Service, refused: Refused, balancer: Entry, api: Entry
) -> None:
    certificate = service.create(CERTIFICATE, name="tls", certificateConfig=PEM)
    refused(
        409, "Conflict", "tls already exists", service.create, CERTIFICATE, name="tls", certificateConfig=PEM
    )
    service.create(
        LISTENER,
        loadBalancerId=balancer.id,
        name="https",
        port=443,
        protocol="HTTP",
        defaultBackendSetName=api.inputs["name"],
        sslConfiguration={"certificateIds": [certificate.id], "protocols": ["TLSv1.2"]},
    )
    refused(409, "IncorrectState", "has associations", service.delete, certificate)
