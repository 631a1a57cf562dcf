"""OCI Vault as the source of Kubernetes Secrets."""

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.platform.vault_store import VaultStore, VaultStoreArgs
from tests.support.monitor import kubernetes_options, run

VAULT = "ocid1.vault.oc1.iad.v1.example"


def made(preview=False, **changes):
    def program():
        given = {"vault_id": VAULT, "region": "us-ashburn-1", "namespaces": ["serving"], **changes}
        args = VaultStoreArgs(**given)
        pulumi.export("store", VaultStore("store", args, kubernetes_options()).store_name)

    return run(program, preview=preview)


def test_the_store_reads_the_vault_with_its_service_account_and_without_a_key():
    store = made().named("store-store").inputs
    assert (store["apiVersion"], store["kind"]) == ("external-secrets.io/v1", "ClusterSecretStore")
    assert store["spec"]["provider"] == {
        "oracle": {"vault": VAULT, "region": "us-ashburn-1", "principalType": "Workload"}
    }


def test_the_store_serves_only_the_namespaces_that_it_names():
    spec = made(namespaces=["team", "serving"]).named("store-store").inputs["spec"]
    assert spec["conditions"] == [{"namespaces": ["serving", "team"]}]
    with pytest.raises(InvalidInput, match="must name at least one namespace"):
        made(namespaces=[])


def test_the_store_can_have_another_name():
    assert made(store_name="prod").exports == {"store": "prod"}


def test_a_first_preview_shows_the_store():
    assert made(preview=True).named("store-store").inputs["metadata"]["name"] == "vault"
