"""Volumes of claims are encrypted with the vault's key, unless the claims name another class."""

import pulumi

from serving.platform.encrypted_claims import EncryptedClaims, EncryptedClaimsArgs
from tests.support.monitor import kubernetes_options, run

KEY = "ocid1.key.oc1.iad.vault1.example"


def made(preview=False, **changes):
    def program():
        args = EncryptedClaimsArgs(**{"key_id": KEY, **changes})
        pulumi.export("class", EncryptedClaims("claims", args, kubernetes_options()).class_name)

    return run(program, preview=preview)


def test_the_class_names_the_key_and_is_the_default():
    found = made().named("claims-class").inputs
    assert found["parameters"] == {"kms-key-id": KEY}
    assert found["provisioner"] == "blockvolume.csi.oraclecloud.com"
    assert found["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_a_volume_is_created_where_its_first_pod_runs():
    assert made().named("claims-class").inputs["volumeBindingMode"] == "WaitForFirstConsumer"


def test_the_class_can_have_another_name():
    assert made(class_name="vault").exports == {"class": "vault"}


def test_a_first_preview_shows_the_class():
    assert made(preview=True).named("claims-class").inputs["metadata"]["name"] == "encrypted"
