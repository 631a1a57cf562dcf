"""A preview says what a change loses, and which setting causes the loss."""

from collections.abc import Callable
from typing import cast

import pytest

from facts.holders import HOLDERS, NO_DATA
from facts.prices import load_prices
from report.changes import at, changes_of, shown, shown_pair
from report.danger import Danger, danger_lines, dangers_of, heading
from report.markdown import comment
from report.resources import UNKNOWN, from_recording
from report.unknown_types import unknown_types
from tests.infra.snapshots import STACKS, run
from tests.report import states

POSTGRESQL = "oci:Psql/dbSystem:DbSystem"


def replaced(state: states.State, new: states.State, path: str, **more: object) -> dict[str, object]:
    return states.step("replace", state, new, detailedDiff={path: {"kind": "update-replace"}}, **more)


def of(*steps: dict[str, object]) -> list[Danger]:
    return dangers_of(changes_of({"steps": list(steps)}))


def database(subnet: object, **more: object) -> states.State:
    return states.state(POSTGRESQL, "db", {"networkDetails": {"subnetId": subnet}}, **more)


def test_everything_that_prod_protects_is_listed_as_containing_data() -> None:
    protected = {
        each.type for stack in STACKS for each in run(stack).resources if each.protect and each.custom
    }
    assert protected <= {*HOLDERS, *NO_DATA}


def test_every_type_of_the_stacks_is_known() -> None:
    resources = [each for stack in STACKS for each in from_recording(run(stack).resources)]
    assert unknown_types(resources) == []


def test_the_loss_of_a_database_names_the_label_that_replaced_its_network() -> None:
    old, new = states.vcn(), states.vcn()
    old["inputs"], new["inputs"] = {"dnsLabel": "one"}, {"dnsLabel": "two"}
    cause = replaced(old, new, "dnsLabel")
    follows = replaced(database("ocid1.subnet.a"), database(states.UNKNOWN_VALUE), "networkDetails.subnetId")
    (danger,) = of(cause, follows)
    assert danger.sentence == (
        "db (database system): replaced; you lose its data; because of network-vcn (dnsLabel: one → two)"
    )


def test_an_object_that_follows_its_replaced_provider_is_not_a_cause() -> None:
    old, new = states.vcn(), states.vcn()
    old["inputs"], new["inputs"] = {"dnsLabel": "one"}, {"dnsLabel": "two"}
    claim = states.state("kubernetes:core/v1:PersistentVolumeClaim", "claim", {"spec": {}})
    object_ = states.step("replace", claim, claim, replaceReasons=["provider"])
    (danger,) = of(replaced(old, new, "dnsLabel"), object_)
    assert danger.because == "network-vcn (dnsLabel: one → two)"


def test_data_is_listed_before_logs() -> None:
    log = states.step("delete", states.state("oci:Logging/log:Log", "a-log", {}))
    assert [each.resource.name for each in of(log, states.step("delete", database("s")))] == ["db", "a-log"]


def moved_provider(name: str, old: object, new: object) -> dict[str, object]:
    before, after = (states.state("pulumi:providers:oci", name, {"region": each}) for each in (old, new))
    return states.step("update", before, after, detailedDiff={"region": {"kind": "update"}})


@pytest.mark.parametrize("name", ["oci", "oci-us-phoenix-1"])
def test_a_new_region_leaves_everything_behind_in_the_old_one(name: str) -> None:
    moved = moved_provider(name, "us-ashburn-1", "us-phoenix-1")
    first, second = of(states.step("delete", database("s")), moved)
    assert (first.kind, second.kind) == ("left behind", "lost"), "it is the worst"
    assert first.sentence.startswith(
        f"{name} (oci provider): everything that it created stays in us-ashburn-1 and costs money"
    )
    assert first.sentence.endswith("because of region: us-ashburn-1 → us-phoenix-1")
    text = comment({"steps": [moved]}, load_prices(), stack="staging")
    assert "**left behind**" in text
    assert "1 to update" in text, "the engine counts it too"


@pytest.mark.parametrize(
    "step",
    [
        moved_provider("oci-home", "us-ashburn-1", "us-phoenix-1"),
        moved_provider("oci", "us-ashburn-1", "us-ashburn-1"),
        states.step("create", None, states.state("pulumi:providers:oci", "oci", {"region": "us-ashburn-1"})),
        states.step("delete", states.state("pulumi:providers:oci", "oci", {"region": "us-ashburn-1"})),
    ],
    ids=["the home region", "the same region", "a new provider", "a deleted provider"],
)
def test_a_provider_that_leaves_nothing_behind_is_no_danger(step: dict[str, object]) -> None:
    assert of(step) == []


@pytest.mark.parametrize(
    ("more", "kind"), [({}, "lost"), ({"protect": True}, "refused"), ({"retainOnDelete": True}, "kept")]
)
def test_a_danger_depends_on_protection_and_retention(more: dict[str, object], kind: str) -> None:
    (danger,) = of(states.step("delete", database("s", **more)))
    assert danger.kind == kind


def test_the_name_of_a_secret_in_pending_deletion_is_not_free() -> None:
    (danger,) = of(states.step("delete", states.state("oci:Vault/secret:Secret", "admin", {})))
    assert "1 to 30 days" in danger.what
    assert "the name is not free" in danger.what


def test_fewer_gpu_nodes_are_drained_and_more_are_no_danger() -> None:
    size = {"detailedDiff": {"nodeConfigDetails.size": {"kind": "update"}}}
    (danger,) = of(states.step("update", states.gpu_pool(4), states.gpu_pool(1), **size))
    assert danger.kind == "drained"
    assert danger.what.startswith("deletes 3 of 4 nodes with 8 GPUs each")
    assert danger.because == "nodeConfigDetails.size: 4 → 1"
    assert of(states.step("update", states.gpu_pool(1), states.gpu_pool(4), **size)) == []


def cycling(nodes: int, values: dict[str, object], *, enabled: bool = True) -> states.State:
    pool = states.gpu_pool(nodes)
    inputs = cast(dict[str, object], pool["inputs"])
    inputs |= {"nodePoolCyclingDetails": {"isNodeCyclingEnabled": enabled}, **values}
    return pool


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("nodeShape", {"nodeShape": "BM.GPU.MI355X.8"}),
        ("nodeSourceDetails.imageId", {"nodeSourceDetails": {"imageId": "ocid1.image.b"}}),
        ("nodeSourceDetails.bootVolumeSizeInGbs", {"nodeSourceDetails": {"bootVolumeSizeInGbs": "512"}}),
        ("nodeMetadata.user_data", {"nodeMetadata": {"user_data": "b"}}),
        ("kubernetesVersion", {"kubernetesVersion": "v1.36.1"}),
        ("sshPublicKey", {"sshPublicKey": "ssh-ed25519 b"}),
    ],
)
def test_a_pool_that_cycles_its_nodes_drains_them(path: str, values: dict[str, object]) -> None:
    diff = {"detailedDiff": {path: {"kind": "update"}}}
    (danger,) = of(states.step("update", cycling(2, {}), cycling(2, values), **diff))
    assert danger.kind == "drained"
    assert danger.what.startswith("replaces 2 nodes with 8 GPUs each, step by step")
    assert of(states.step("update", cycling(2, {}), cycling(2, values, enabled=False), **diff)) == [], (
        "without cycling, existing nodes stay as they are"
    )


def test_a_pool_that_changes_only_its_name_keeps_its_nodes() -> None:
    diff = {"detailedDiff": {"name": {"kind": "update"}}}
    assert of(states.step("update", cycling(2, {}), cycling(2, {"name": "other"}), **diff)) == []


def test_one_node_is_not_said_to_be_several() -> None:
    (danger,) = of(states.step("delete", states.gpu_pool(1)))
    assert danger.what.startswith("deletes 1 node with 8 GPUs;")


def test_a_cause_with_content_is_named_before_policies() -> None:
    def moved(token: str, name: str) -> dict[str, object]:
        old, new = (states.state(token, name, {"compartmentId": each}) for each in ("one", "two"))
        return replaced(old, new, "compartmentId")

    policies = [moved("oci:Identity/policy:Policy", f"a-{index}") for index in range(4)]
    cluster = moved("oci:ContainerEngine/cluster:Cluster", "cluster")
    claim = states.state("kubernetes:core/v1:PersistentVolumeClaim", "claim", {"spec": {}})
    found = of(*policies, cluster, states.step("replace", claim, claim, replaceReasons=["provider"]))
    (danger,) = (each for each in found if each.resource.name == "claim")
    assert danger.because.startswith("cluster (compartmentId: one → two)")


def test_removed_protection_is_a_danger_even_if_the_engine_sees_no_change() -> None:
    held, free = database("s", protect=True), database("s")
    (danger,) = of(states.step("same", held, free))
    assert danger.kind == "unprotected"
    assert of(states.step("same", held, held), states.step("same", free, held)) == []


def test_the_end_of_versions_and_backups_is_a_danger() -> None:
    old, new = states.bucket(), states.bucket()
    old["inputs"], new["inputs"] = {"versioning": "Enabled"}, {"versioning": "Suspended"}
    days = [{"managementPolicy": {"backupPolicy": {"retentionDays": n}}} for n in (7, 1)]
    fewer = [states.state(POSTGRESQL, "db", each) for each in days]
    said = [each.what for each in of(states.step("update", old, new), states.step("update", *fewer))]
    assert "older versions are no longer kept: overwritten and deleted objects are lost" in said
    assert "backups are kept for 1 instead of 7 days" in said


def test_a_change_of_names_and_tags_is_no_danger() -> None:
    assert (
        of(states.step("update", states.vcn(), states.vcn()), states.step("create", new=states.bucket()))
        == []
    )
    assert danger_lines(changes_of({"steps": [states.step("delete", states.subnet("s"))]})) == []


def test_the_heading_counts_what_the_list_has() -> None:
    found = of(states.step("delete", states.bucket()), states.step("delete", states.gpu_pool(2)))
    assert heading(found) == "1 lost, 1 drained"


def test_a_terminal_gets_whole_words_in_80_columns_and_consequences_by_kind() -> None:
    follower = replaced(
        states.state("oci:Core/subnet:Subnet", "s", {"vcnId": "ocid1.vcn.a"}),
        states.state("oci:Core/subnet:Subnet", "s", {"vcnId": states.UNKNOWN_VALUE}),
        "vcnId",
    )
    lines = danger_lines(changes_of({"steps": [states.step("delete", states.bucket()), follower]}))
    assert lines[0] == "DANGER: 1 lost"
    assert lines[-1] == "  Replaced as a consequence: 1 subnet."
    assert max(map(len, lines)) <= 80


def test_a_comment_begins_with_the_danger() -> None:
    steps = [states.step("delete", states.bucket()), states.step("create", new=states.subnet("s"))]
    said = comment({"steps": steps}, load_prices(), stack="staging")
    assert said.index("**Danger:** 1 lost") < said.index("### Replaced or deleted")
    assert "| **lost** | artifacts | bucket | deleted; you lose its objects |" in said


def test_a_component_and_its_resource_are_one_change() -> None:
    component = states.state("genai:index:Bucket", "artifacts")
    steps = [states.step("delete", component), states.step("delete", states.bucket())]
    said = comment({"steps": steps}, load_prices(), stack="staging")
    assert "1 to delete" in said
    assert said.count("| **delete** |") == 1


def test_values_are_shown_as_old_and_new() -> None:
    old, new = states.gpu_pool(1), states.gpu_pool(2)
    step = states.step("update", old, new, detailedDiff={"nodeConfigDetails.size": {"kind": "update"}})
    assert "`nodeConfigDetails.size: 1 → 2`" in comment({"steps": [step]}, load_prices(), stack="staging")


@pytest.mark.parametrize(
    ("path", "found"), [("a.b[1]", 2), ('a["c.d"]', 3), ("a.b[7]", None), ("x", None), ("a.b[0].z", None)]
)
def test_the_engines_paths_are_followed(path: str, found: object) -> None:
    assert at({"a": {"b": [1, 2], "c.d": 3}}, path) == found


def test_long_values_show_where_they_differ() -> None:
    same = "Allow group 'Default'/'staging-developers' to read objects in bucket "
    old, new = shown_pair(f"{same}one", f"{same}two")
    assert old == "…in bucket one"
    assert new == "…in bucket two"
    assert shown_pair("a", UNKNOWN) == ("a", "known later")
    assert shown_pair({"a": "x" * 60}, {"a": "x" * 60 + "y"}) == ('…xxxxxxxxxx"}', '…xxxxxxxxxxy"}')


@pytest.mark.parametrize(
    ("value", "text"), [(None, "none"), (UNKNOWN, "known later"), ([1], "[1]"), ("x" * 99, "x" * 39 + "…")]
)
def test_values_are_shown_in_a_few_words(value: object, text: str) -> None:
    assert shown(value) == text


POOL = "oci:ContainerEngine/nodePool:NodePool"
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"


@pytest.mark.parametrize(
    ("kind", "inputs", "who"),
    [
        (POOL, lambda key: {"nodeConfigDetails": {"kmsKeyId": key, "size": 2}}, "nodes"),
        (CLASS, lambda key: {"parameters": {"kms-key-id": key}}, "claims"),
    ],
)
@pytest.mark.parametrize("operation", ["update", "replace"])
def test_the_old_key_is_named_when_new_volumes_get_another(
    kind: str, inputs: Callable[[object], dict[str, object]], who: str, operation: str
) -> None:
    old, same = (states.state(kind, "pool", inputs("ocid1.key.old")) for _ in range(2))
    new = states.state(kind, "pool", inputs(states.UNKNOWN_VALUE))
    said = [each.sentence for each in of(states.step(operation, old, new)) if each.kind == "unprotected"]
    assert len(said) == 1
    assert f"existing {who} keep the key ocid1.key.old" in said[0]
    assert [each for each in of(states.step(operation, old, same)) if each.kind == "unprotected"] == []


def test_a_deleted_key_is_named_with_what_it_still_encrypts() -> None:
    (danger,) = of(states.step("delete", states.state("oci:Kms/key:Key", "prod-volumes-2026-01-key", {})))
    assert danger.kind == "lost"
    assert danger.sentence.startswith("prod-volumes-2026-01-key")
    assert "volumes of nodes and claims" in danger.sentence


def test_what_only_leaves_the_stack_is_said_before_the_destroy() -> None:
    token = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
    (danger,) = of(states.step("delete", states.state(token, "guard", {"status": "ENABLED"}), None))
    assert danger.kind == "kept"
    assert "deleted from the stack only: Cloud Guard stays enabled" in danger.sentence
