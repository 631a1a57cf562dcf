"""Every object of every stack and example matches the schema of its kind."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import kubernetes_validate
import pytest
from jsonschema import Draft202012Validator

from infra.commands.render import Manifest, manifests
from infra.project.stackfile import ROOT
from sandbox.kubernetes.api.kinds import kind_of
from tests.infra.snapshots import EXAMPLES, STACKS, run

VERSION = "1.36"
RELEASE = ("helm.sh/v3", "Release")
"""Not an object: the kind that `render` gives to Helm releases."""


def objects(stack: str) -> list[Manifest]:
    found = manifests(run(stack).resources)
    return [each for each in found if (each.body["apiVersion"], each.body["kind"]) != RELEASE]


def schema_of(path: Path) -> Draft202012Validator:
    """The schema of a custom kind. References to Kubernetes' own types are not checked here."""
    text = path.read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text, object_hook=lambda each: {} if "$ref" in each else each))


def check(body: Mapping[str, object]) -> None:
    kind = kind_of(str(body["apiVersion"]), str(body["kind"]))
    if kind.native:
        kubernetes_validate.validate(dict(body), VERSION, strict=True)
        return
    kept = ROOT / "sandbox/kubernetes/api/schemas" / kind.group / kind.version / f"{kind.kind}.json"
    assert kept.is_file(), f"no schema is kept for {kind.api_version} {kind.kind}"
    wrong = [error.message for error in schema_of(kept).iter_errors(dict(body))]  # pyright: ignore
    assert not wrong, wrong


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_every_object_passes_the_schema_of_its_kind(stack: str):
    for manifest in objects(stack):
        check(manifest.body)


def test_the_stacks_and_examples_have_objects_of_every_kind_that_the_program_makes():
    kinds = {str(each.body["kind"]) for stack in (*STACKS, *EXAMPLES) for each in objects(stack)}
    assert kinds >= {
        "ClusterSecretStore",
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "Job",
        "LeaderWorkerSet",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "PriorityClass",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Service",
        "ServiceAccount",
    }


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("Deployment", {"replicass": 1}),
        ("NetworkPolicy", {"policyType": []}),
        ("LeaderWorkerSet", {"replicas": "two"}),
        ("ClusterSecretStore", {"provider": []}),
    ],
)
def test_an_invalid_object_of_a_kind_does_not_pass(kind: str, spoil: dict[str, Any]):
    stack = "engine-over-nodes" if kind == "LeaderWorkerSet" else "prod"
    body = next(each.body for each in objects(stack) if each.body["kind"] == kind)
    spec = cast(dict[str, Any], body["spec"])
    with pytest.raises((AssertionError, kubernetes_validate.ValidationError)):
        check({**body, "spec": {**spec, **spoil}})
