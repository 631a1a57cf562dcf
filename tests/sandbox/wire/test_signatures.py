"""With --verify a request must be signed by the profile's key, now, over all that matters."""

import base64
import datetime
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import oci
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from oci.core import VirtualNetworkClient
from oci.core.models import CreateVcnDetails
from oci.object_storage import ObjectStorageClient
from oci.object_storage.models import CreateBucketDetails

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Servers, Wire
from tests.sandbox.wire.http import call

LIST = f"/20160918/vcns?compartmentId={COMPARTMENT}"
VCN = CreateVcnDetails(compartment_id=COMPARTMENT, cidr_blocks=["10.0.0.0/16"])


@pytest.fixture
def strict(servers: Servers) -> Wire:
    return servers.start(verified=True)


def test_the_profile_of_the_sandbox_is_let_in(strict: Wire) -> None:
    network = strict.client(VirtualNetworkClient)
    made = network.create_vcn(VCN).data
    assert [each.id for each in network.list_vcns(COMPARTMENT).data] == [made.id]


def test_a_request_without_a_signature_is_refused(strict: Wire) -> None:
    answer = call(strict, "GET", LIST)
    assert (answer.status, answer.code) == (401, "NotAuthenticated")
    assert "not signed" in answer.headers["sandbox-note"]


def test_another_key_is_refused(strict: Wire, refused: Callable[[], Refused]) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    config = strict.profile.sdk_config(strict.region)
    del config["key_file"]
    network = VirtualNetworkClient(
        config | {"key_content": key.decode()},
        service_endpoint=strict.endpoint,
        retry_strategy=oci.retry.NoneRetryStrategy(),
    )
    with refused() as refusal:
        network.list_vcns(COMPARTMENT)
    assert refusal.status == 401


def test_another_user_is_refused(strict: Wire, refused: Callable[[], Refused]) -> None:
    stranger = replace(strict, profile=replace(strict.profile, user="ocid1.user.oc1..aaaastranger"))
    with refused() as refusal:
        stranger.client(VirtualNetworkClient).list_vcns(COMPARTMENT)
    assert refusal.status == 401


def _signed(wire: Wire, method: str, path: str, body: bytes | None, **headers: str) -> dict[str, str]:
    """The headers with which the SDK's signer sends a request."""
    config = wire.profile.sdk_config(wire.region)
    signer = oci.signer.Signer(config["tenancy"], config["user"], config["fingerprint"], config["key_file"])
    request: Any = oci._vendor.requests.Request(method, wire.endpoint + path, headers=headers, data=body)
    return dict(signer.do_request_sign(request.prepare()).headers)


def test_a_signature_of_ten_minutes_ago_is_refused(strict: Wire) -> None:
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=10)
    answer = call(
        strict, "GET", LIST, **_signed(strict, "GET", LIST, None, date=format_datetime(past, usegmt=True))
    )
    assert answer.status == 401
    assert "five minutes" in answer.headers["sandbox-note"]


def test_a_body_that_was_changed_after_signing_is_refused(strict: Wire) -> None:
    headers = _signed(strict, "POST", "/20160918/vcns", b'{"a": 1}', **{"content-type": "application/json"})
    answer = call(strict, "POST", "/20160918/vcns", b'{"a": 2}', **headers)
    assert answer.status == 401
    assert "x-content-sha256" in answer.headers["sandbox-note"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/20160918/vcns"), ("PUT", "/20160918/vcns/x")])
def test_a_signature_that_leaves_the_body_out_is_refused(strict: Wire, method: str, path: str) -> None:
    headers = _signed(strict, "GET", path, None)
    date, host = headers["date"], headers["host"]
    target = f"(request-target): {method.lower()} {path}"
    text = f"date: {date}\n{target}\nhost: {host}".encode()
    key = serialization.load_pem_private_key(strict.profile.key_file.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    signature = base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
    authorization = (
        f'Signature version="1",keyId="{strict.profile.key_id}",algorithm="rsa-sha256",'
        f'headers="date (request-target) host",signature="{signature}"'
    )
    answer = call(strict, method, path, {}, date=date, host=host, authorization=authorization)
    assert answer.status == 401
    assert "content-length, content-type, x-content-sha256" in answer.headers["sandbox-note"]


def test_an_object_is_put_without_a_signed_body(strict: Wire) -> None:
    storage = strict.client(ObjectStorageClient)
    namespace = storage.get_namespace().data
    details = CreateBucketDetails(name="notes", compartment_id=COMPARTMENT)
    storage.create_bucket(namespace, details)
    assert storage.put_object(namespace, "notes", "a", b"content").status == 200


def test_a_signature_for_another_path_is_refused(strict: Wire) -> None:
    answer = call(strict, "GET", f"{LIST}&limit=1", **_signed(strict, "GET", LIST, None))
    assert answer.status == 401


def test_an_authorization_of_another_kind_is_refused_without_verify_too(wire: Wire) -> None:
    assert call(wire, "GET", LIST, authorization="Bearer abc").status == 401
    assert call(wire, "GET", LIST).status == 200
