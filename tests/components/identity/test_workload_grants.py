"""The grants of pods with workload identity: for one service account of one cluster, and no other principal."""

from fnmatch import fnmatchcase

from components.identity.principal_grants import Workload
from components.identity.workload_grants import publisher_grants, result_keeper_grants, secret_reader_grants
from facts.policies import All, Condition, Statement, Test, statement_problems

COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaexample"
PODS = Workload(cluster_id="ocid1.cluster.oc1.iad.x", namespace="tools", service_account="reader")


def texts(grants):
    assert grants
    return [str(grant) for grant in grants.values()]


def test_every_grant_names_the_pods_and_their_cluster():
    grants = [
        *texts(secret_reader_grants(PODS, COMPARTMENT, ["prod-hub", "prod-db"])),
        *texts(result_keeper_grants(PODS, COMPARTMENT, "b", "benchmarks/m")),
        *texts(publisher_grants(PODS, COMPARTMENT)),
    ]
    for text in grants:
        for part in ("'workload'", "'tools'", "'reader'", "'ocid1.cluster.oc1.iad.x'", COMPARTMENT):
            assert part in text, text


def test_a_reader_of_secrets_cannot_change_them_or_use_keys():
    for text in texts(secret_reader_grants(PODS, COMPARTMENT, ["prod-hub", "prod-db"])):
        assert " manage " not in text
        assert " use " not in text
        assert "keys" not in text


def test_the_account_that_keeps_results_reaches_one_folder_of_one_bucket():
    kept = result_keeper_grants(PODS, COMPARTMENT, "prod-results", "benchmarks/m")
    for text in texts(kept):
        assert "target.bucket.name = 'prod-results'" in text
    for statement in kept.values():
        assert statement.permissions or statement.resource == "buckets"
        for permission in statement.permissions:
            reached = holds(statement, permission, "benchmarks/m/last.json")
            assert reached, permission
            elsewhere = [
                holds(statement, permission, name) for name in ("qwen/model.safetensors", "benchmarks/n/a")
            ]
            assert not any(elsewhere) or permission == "OBJECT_INSPECT", permission
        assert "OBJECT_DELETE" not in statement.permissions


def holds(statement: Statement, permission: str, name: str) -> bool:
    """Whether a request of the pods for an object meets the conditions, as Oracle's page describes `all` and `any`."""
    request = {**{test.variable: test.value for test in PODS.condition}, "target.bucket.name": "prod-results"}
    request |= {"request.permission": permission, "target.object.name": name}

    def meets(condition: Condition) -> bool:
        if isinstance(condition, Test):
            return fnmatchcase(str(request[condition.variable]), str(condition.value))
        quantifier = all if isinstance(condition, All) else any
        return quantifier(map(meets, condition.conditions))

    assert statement.where is not None
    return meets(statement.where)


def test_secrets_are_read_only_by_their_names():
    (reading,) = (
        text for text in texts(secret_reader_grants(PODS, COMPARTMENT, ["a", "b"])) if "secret" in text
    )
    assert " to read secret-bundles in " in reading
    assert "any {target.secret.name = 'a', target.secret.name = 'b'}" in reading
    assert not any("secret-bundles" in text for text in texts(secret_reader_grants(PODS, COMPARTMENT, [])))


def test_the_account_that_publishes_may_do_nothing_else_to_topics():
    (statement,) = publisher_grants(PODS, COMPARTMENT).values()
    assert statement.permissions == ("ONS_TOPIC_PUBLISH",)
    assert not [*statement_problems(str(statement), path="a")]
