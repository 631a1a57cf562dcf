"""Streaming by the official SDK."""

from oci.streaming import StreamAdminClient, models

from tests.sandbox.wire.conftest import COMPARTMENT, Wire

KEY = "ocid1.key.oc1.iad.aaaaofanexistingaccount"
SUBNET = "ocid1.subnet.oc1.iad.aaaaofanexistingaccount"


def test_a_pool_keeps_its_key_and_its_private_endpoint(wire: Wire) -> None:
    client = wire.client(StreamAdminClient)
    details = models.CreateStreamPoolDetails(
        name="one",
        compartment_id=COMPARTMENT,
        custom_encryption_key_details=models.CustomEncryptionKeyDetails(kms_key_id=KEY),
        private_endpoint_details=models.PrivateEndpointDetails(subnet_id=SUBNET),
    )
    made = client.create_stream_pool(details).data
    found = client.get_stream_pool(made.id).data
    assert found.custom_encryption_key.kms_key_id == KEY
    assert found.private_endpoint_settings.subnet_id == SUBNET
