"""Names, namespaces, tags, taints and images that a cloud would refuse are refused before anything is created."""

from collections.abc import Iterator, Mapping

import pytest

from facts.names import FORMS, LONGEST_STACK
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from infra.settings import examine
from tests.infra.settings.examples import Change, assert_named, config

LONG = "mi300x-" + "x" * 33
DIGEST = "sha256:" + "0" * 64
TAGS = "tenancy.tags"
POOL = "gpu.pools.0"

CASES: dict[str, tuple[list[Change], str, str]] = {
    "a namespace of Kubernetes": ([("serving.namespace", "kube-system")], "serving.namespace", "Kubernetes itself"),
    "the default namespace": ([("serving.namespace", "default")], "serving.namespace", "Kubernetes itself"),
    "a team in a namespace of Kubernetes": (
        [("serving.teams", [{"name": "kube-apps", "gpus": 0}])], "serving.teams[0].name", "Kubernetes itself",
    ),
    "an image with a scheme": (
        [("serving.image", "https://ghcr.io/x/y")], "serving.image", "must not begin with a scheme. Write ghcr.io/x/y",
    ),
    "an image in capitals": (
        [("serving.image", "docker.io/VLLM/vllm")], "serving.image", "must be the name of an image",
    ),
    "an image with two digests": (
        [("serving.image", f"docker.io/x/y@{DIGEST}")], "serving.image", "must be the name of an image",
    ),
    "a variable with an equals sign": (
        [("serving.models.0.environment", {"A=B": "1"})], "serving.models[0].environment.A=B", "must have a name",
    ),
    "a taint that the pool's engines do not tolerate": (
        [(f"{POOL}.taints", ["team=a:NoSchedule"])], "gpu.pools[0].taints[0]", "keeps the pool's own models away",
    ),
    "a tag of the toolkit's own": ([(TAGS, {"managedby": "me"})], f"{TAGS}.managedby", "the toolkit sets this tag"),
    "a tag with a period": ([(TAGS, {"a.b": "c"})], f"{TAGS}.a.b", "without periods and spaces"),
    "a tag with a space": ([(TAGS, {"a b": "c"})], f"{TAGS}.a b", "without periods and spaces"),
    "a tag without a key": ([(TAGS, {"": "c"})], TAGS, "must have a key of 1 to 100"),
    "a tag with a long value": ([(TAGS, {"a": "b" * 257})], f"{TAGS}.a", "must be 256 characters or fewer"),
    "too many tags": ([(TAGS, {f"k{i}": "v" for i in range(8)})], TAGS, "8; must be 7 tags or fewer"),
    "too much in tags": ([(TAGS, {f"{i}" * 99: "字" * 256 for i in range(7)})], TAGS, "5,120 bytes or fewer as JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "message"), CASES.values(), ids=CASES)
def test_it_is_refused(changes: list[Change], path: str, message: str):
    assert_named(changes, path, message)


def test_seven_tags_and_a_soft_taint_pass():
    tags = (TAGS, {f"k{i}": "v" * 256 for i in range(7)})
    assert examine(config(tags, (f"{POOL}.taints", ["a=b:PreferNoSchedule"])), "test").problems == []


@pytest.mark.parametrize("stack", ["Staging_EU", "v1.2", "s" * 60, "1st", "a-", "a b", ""])
def test_a_stack_name_that_cannot_begin_resource_names_is_refused(stack: str):
    (problem,) = examine(config(), stack).problems
    assert problem.path == "stack"
    assert "must be 1 to 40 of a-z, 0-9 and -" in problem.allowed


@pytest.mark.parametrize("stack", ["prod", "eu-2", "x", "s" * 40])
def test_other_stack_names_pass(stack: str):
    assert examine(config(), stack).problems == []


def test_a_derived_label_that_is_too_long_names_the_pool_and_how_long_it_may_be():
    pool = [(f"{POOL}.name", LONG), ("serving.models.0.pool", LONG)]
    assert examine(config(*pool), "eu").problems == []
    (problem,) = examine(config(*pool), "staging-europe-in-frankfurt").problems
    assert problem.path == "gpu.pools[0].name"
    assert "at most 63 characters" in problem.allowed
    assert problem.fix.startswith("Use 35 characters or fewer")
    shorter = [(f"{POOL}.name", LONG[:35]), ("serving.models.0.pool", LONG[:35])]
    assert examine(config(*shorter), "staging-europe-in-frankfurt").problems == []


def test_the_length_of_a_vault_secrets_name_includes_the_stack():
    (problem,) = examine(config(("vault", {"secrets": {"s" * 252: {}}})), "test").problems
    assert "the name of a vault's secret, which has at most 255 characters" in problem.allowed


NAMED = {
    "oci:Identity/policy:Policy": ("name", "iam"),
    "oci:Identity/domainsGroup:DomainsGroup": ("displayName", "iam"),
    "oci:Kms/key:Key": ("displayName", "key"),
    "oci:Kms/vault:Vault": ("displayName", "key"),
    "oci:Vault/secret:Secret": ("secretName", "secret"),
    "oci:ObjectStorage/bucket:Bucket": ("name", "bucket"),
    "oci:Core/networkSecurityGroup:NetworkSecurityGroup": ("displayName", "display"),
    "oci:ContainerEngine/nodePool:NodePool": ("name", "label"),
}


def _labels(node: object) -> Iterator[str]:
    """Values of all labels and selectors in a Kubernetes object."""
    if isinstance(node, Mapping):
        for key, inner in node.items():
            if key in ("labels", "matchLabels", "nodeSelector") and isinstance(inner, Mapping):
                yield from map(str, inner.values())
            yield from _labels(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _labels(inner)


def test_no_name_of_production_is_too_long_with_the_longest_stack_name():
    file = read_stack_file("prod")
    run = run_offline(file, "s" * LONGEST_STACK)
    seen: set[str] = set()
    for each in run.resources:
        if each.type in NAMED:
            key, form = NAMED[each.type]
            seen.add(each.type)
            assert len(str(each.inputs[key])) <= FORMS[form].longest, each.urn
        if each.type.startswith("kubernetes:"):
            assert [label for label in _labels(each.inputs) if len(label) > FORMS["label"].longest] == [], (
                each.urn
            )
    assert seen == set(NAMED)
