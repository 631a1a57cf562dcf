"""The grants of each group, principal and service: never more than documented."""

import pulumi
import pytest

from components.identity.group_grants import (
    administrators_grants,
    developers_grants,
    operators_grants,
    tenancy_grants,
)
from components.identity.late_ids import with_ids
from components.identity.principal_grants import (
    Workload,
    autoscaler_grants,
    autoscaler_network_grants,
    node_pools_grants,
    nodes_grants,
    workloads_grants,
)
from components.identity.schedule_grants import pool_hours_grants, pool_hours_network_grants, schedule_grants
from components.identity.service_grants import SERVICES, ServiceNeeds, service_grants, service_problems
from components.identity.weights_grants import weights_grants
from components.vault.key_grants import USERS, KeyUse, key_grants
from facts.policies import DynamicGroup, Group, Statement, statement_problems
from facts.policies.conditions import holds
from facts.policies.conditions import tests as single_tests
from tests.support.monitor import run

C = "ocid1.compartment.oc1..a"
OPS, NODES = Group("prod-operators"), DynamicGroup("prod-nodes")
GROUPS = {"administrators": Group("prod-administrators"), "developers": Group("d"), "operators": OPS}
NEEDS = ServiceNeeds(compartment_id=C, region="us-ashburn-1", lifecycle_buckets=["prod-models"])
USE = KeyUse(
    key_id="ocid1.key.oc1.iad.a",
    compartment_id=C,
    region="us-ashburn-1",
    clusters=DynamicGroup("prod-clusters"),
    databases=DynamicGroup("prod-databases"),
    file_systems=DynamicGroup("prod-filesystems"),
    administrators=GROUPS["administrators"],
)
WEIGHTS = [
    Workload(cluster_id="ocid1.cluster.oc1.iad.a", namespace="weights", service_account=account)
    for account in ("weights-import", "weights-staging")
]
EVERY = {
    "administrators": administrators_grants(GROUPS["administrators"], C),
    "developers": developers_grants(
        GROUPS["developers"], C, environment="prod", read=["prod-models"], written=["prod-drafts"]
    ),
    "operators": operators_grants(OPS, C),
    "tenancy": tenancy_grants(GROUPS),
    "nodes": nodes_grants(NODES, C, model_buckets=["prod-models"]),
    "node pools": node_pools_grants(C),
    "workloads": workloads_grants(DynamicGroup("prod-workloads"), C),
    "autoscaler": autoscaler_grants(C, "ocid1.cluster.oc1.iad.a"),
    "autoscaler's network": autoscaler_network_grants(C, "ocid1.cluster.oc1.iad.a"),
    "pool hours": pool_hours_grants(DynamicGroup("prod-pool-hours"), C, ["ocid1.nodepool.oc1.iad.a"]),
    "pool hours' network": pool_hours_network_grants(DynamicGroup("prod-pool-hours"), C),
    "schedules": schedule_grants(["ocid1.resourceschedule.oc1.iad.a"], C),
    "weights": weights_grants(WEIGHTS[0], WEIGHTS[1], C, "prod-models"),
    "services": service_grants(list(SERVICES), NEEDS),
    "keys": key_grants(list(USERS), USE),
}
ALL = [(name, grant) for grants in EVERY.values() for name, grant in grants.items()]


@pytest.mark.parametrize(("name", "grant"), ALL, ids=[name for name, _ in ALL])
def test_every_statement_uses_known_words_and_is_limited(name: str, grant: Statement):
    assert list(statement_problems(str(grant), path=name)) == []


@pytest.mark.parametrize("which", EVERY)
def test_no_policy_is_longer_than_oci_accepts(which: str):
    assert 1 <= len(EVERY[which]) <= 50


def test_only_names_and_figures_are_read_in_the_tenancy():
    everywhere = {str(grant) for _, grant in ALL if str(grant.place) == "tenancy"}
    assert everywhere == set(map(str, EVERY["tenancy"].values()))
    assert {grant.verb for grant in EVERY["tenancy"].values()} == {"inspect", "read"}


def test_nobody_may_write_policies_or_groups():
    identity = {"policies", "groups", "dynamic-groups", "users", "domains", "compartments", "all-resources"}
    writing = [str(g) for _, g in ALL if g.resource in identity and g.verb in ("use", "manage")]
    assert writing == [], "who can write policies can grant anything to anybody"


def test_administrators_cannot_delete_what_makes_data_unreadable():
    for resource, permission in (("keys", "KEY_DELETE"), ("vaults", "VAULT_DELETE")):
        grant = EVERY["administrators"][f"manage {resource}"]
        assert [(t.variable, t.operator, t.value) for t in single_tests(grant.where)] == [
            ("request.permission", "!=", permission)
        ]


@pytest.mark.parametrize(
    "permission", ["VOLUME_DELETE", "VOLUME_BACKUP_DELETE", "BUCKET_DELETE", "FILE_SYSTEM_DELETE"]
)
def test_people_delete_storage_only_with_the_setting(permission: str):
    def holders(**more: bool) -> set[str]:
        made = {
            **administrators_grants(GROUPS["administrators"], C, **more),
            **operators_grants(OPS, C, **more),
        }
        return {
            grant.resource
            for grant in made.values()
            if grant.verb == "manage"
            and permission in _PERMISSIONS.get(grant.resource, ())
            and holds(grant.where, {"request.permission": permission})
        }

    assert holders() == set()
    assert holders(storage_deletion=True)


_PERMISSIONS = {
    "volume-family": ("VOLUME_DELETE", "VOLUME_BACKUP_DELETE"),
    "volume-backups": ("VOLUME_BACKUP_DELETE",),
    "object-family": ("BUCKET_DELETE",),
    "file-family": ("FILE_SYSTEM_DELETE",),
}
"""From the pages that facts/policies/words.yaml names."""


def test_lustre_is_only_used_while_its_deletion_cannot_be_left_out():
    assert "manage lustre-file-family" not in EVERY["administrators"]
    assert "use lustre-file-family" in EVERY["administrators"]
    assert "manage lustre-file-family" in administrators_grants(
        GROUPS["administrators"], C, storage_deletion=True
    )


def test_developers_write_and_read_only_their_own_buckets():
    granted = {name: str(grant.where) for name, grant in EVERY["developers"].items() if "objects" in name}
    assert granted == {
        "read objects": "target.bucket.name = 'prod-models'",
        "write objects": "target.bucket.name = 'prod-drafts'",
    }
    assert "OBJECT_DELETE" not in EVERY["developers"]["write objects"].permissions


def test_developers_and_operators_read_no_secret():
    for group in ("developers", "operators"):
        for grant in EVERY[group].values():
            reads = grant.resource in ("secret-bundles", "secret-family") or (
                grant.resource == "secrets" and grant.verb != "inspect"
            )
            assert not reads, str(grant)


def test_every_use_of_a_key_names_that_key():
    uses = {name: grant for name, grant in EVERY["keys"].items() if grant.resource != "vaults"}
    assert uses
    for name, grant in uses.items():
        assert ("target.key.id", USE.key_id) in {(t.variable, t.value) for t in single_tests(grant.where)}, (
            name
        )


def test_the_autoscaler_is_one_service_account_of_one_cluster():
    for grant in EVERY["autoscaler"].values():
        assert {t.variable for t in single_tests(grant.where)} == {
            "request.principal.type",
            "request.principal.namespace",
            "request.principal.service_account",
            "request.principal.cluster_id",
        }


def test_the_autoscaler_has_oracles_six_grants_and_four_of_them_for_another_network():
    """Oracle's page "Working with the Cluster Autoscaler as a Cluster Add-on", step 1."""
    pools = {"manage cluster-node-pools", "manage instance-family"}
    network = {"use subnets", "read virtual-network-family", "use vnics", "inspect compartments"}
    found = (autoscaler_grants(C, "k"), autoscaler_network_grants(C, "k"))
    assert [{f"{each.verb} {each.resource}" for each in grants.values()} for grants in found] == [
        pools | network,
        network,
    ]
    assert {str(each.place) for grants in found for each in grants.values()} == {f"compartment id {C}"}


def test_lifecycle_rules_reach_only_their_buckets():
    (grant,) = service_grants(["object-storage"], NEEDS).values()
    assert "all {target.bucket.name = 'prod-models', any {request.permission = 'BUCKET_INSPECT'" in str(grant)


def test_block_volume_gets_the_key_of_claimed_volumes_and_clusters_delegate_it_as_oracle_says():
    grants = {str(grant) for grant in key_grants(["volumes"], USE).values()}
    where = f"where target.key.id = '{USE.key_id}'"
    assert f"Allow service blockstorage to use keys in compartment id {C} {where}" in grants
    lent = f"all {{request.principal.type = 'cluster', target.key.id = '{USE.key_id}'}}"
    assert f"Allow any-user to use key-delegates in compartment id {C} where {lent}" in grants


def test_file_systems_use_a_key_by_their_own_dynamic_group():
    (grant, lending) = key_grants(["file-systems"], USE).values()
    assert str(grant.subject) == "dynamic-group prod-filesystems"
    assert lending.resource == "key-delegate"
    claimed = {str(each.subject) for each in key_grants(["claimed-file-systems"], USE).values()}
    assert {"dynamic-group prod-filesystems", "any-user"} <= claimed


def test_an_unknown_service_is_refused_with_a_suggestion():
    (service,) = service_problems(["opnsearch"], path="identity.services")
    assert (service.path, service.fix) == ("identity.services[0]", "Did you mean `opensearch`?")


def test_statements_wait_for_late_ids_and_their_names_do_not():
    def grants(ids: object) -> dict[str, Statement]:
        assert isinstance(ids, dict)
        return dict(node_pools_grants(ids["compartment"]))

    assert all(isinstance(text, str) for text in with_ids(grants, {"compartment": C}).values())

    def program() -> None:
        late = with_ids(grants, {"compartment": pulumi.Output.from_input(C)})
        pulumi.export("late", late)

    expected = {name: str(grant) for name, grant in node_pools_grants(C).items()}
    assert run(program).exports == {"late": expected}


def test_weights_are_written_by_one_service_account_and_read_by_another_in_one_bucket():
    imported, staged = (str(EVERY["weights"][f"weights are {what}"]) for what in ("imported", "staged"))
    assert "'weights-import'" in imported
    assert "OBJECT_DELETE" in imported, "an import never takes a served model away"
    assert "'weights-staging'" in staged
    assert " read objects " in staged
    for statement in EVERY["weights"].values():
        assert "target.bucket.name = 'prod-models'" in str(statement)
        assert "request.principal.cluster_id = 'ocid1.cluster.oc1.iad.a'" in str(statement)
