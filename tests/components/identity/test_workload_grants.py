"""The grants of pods with workload identity: for one service account of one cluster, and no other principal."""

from components.identity.principal_grants import Workload
from components.identity.workload_grants import result_keeper_grants, secret_reader_grants

COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaexample"
PODS = Workload(cluster_id="ocid1.cluster.oc1.iad.x", namespace="tools", service_account="reader")


def texts(grants):
    assert grants
    return [str(grant) for grant in grants.values()]


def test_every_grant_names_the_pods_and_their_cluster():
    grants = [
        *texts(secret_reader_grants(PODS, COMPARTMENT, ["prod-hub", "prod-db"])),
        *texts(result_keeper_grants(PODS, COMPARTMENT, "b")),
    ]
    for text in grants:
        for part in ("'workload'", "'tools'", "'reader'", "'ocid1.cluster.oc1.iad.x'", COMPARTMENT):
            assert part in text, text


def test_a_reader_of_secrets_cannot_change_them_or_use_keys():
    for text in texts(secret_reader_grants(PODS, COMPARTMENT, ["prod-hub", "prod-db"])):
        assert " manage " not in text
        assert " use " not in text
        assert "keys" not in text


def test_the_account_that_keeps_results_reaches_one_bucket():
    for text in texts(result_keeper_grants(PODS, COMPARTMENT, "prod-results")):
        assert "target.bucket.name = 'prod-results'" in text


def test_secrets_are_read_only_by_their_names():
    (reading,) = (
        text for text in texts(secret_reader_grants(PODS, COMPARTMENT, ["a", "b"])) if "secret" in text
    )
    assert " to read secret-bundles in " in reading
    assert "any {target.secret.name = 'a', target.secret.name = 'b'}" in reading
    assert not any("secret-bundles" in text for text in texts(secret_reader_grants(PODS, COMPARTMENT, [])))
