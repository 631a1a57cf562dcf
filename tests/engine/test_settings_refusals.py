"""What the real engine shows when settings are wrong: all problems at once. Nothing is created."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.settings.examples import DELETE, IMAGE, Change, config
from tests.support.sandbox_project import PROJECT, ROOT, Ran, SandboxProject

pytestmark = pytest.mark.engine

PLACEHOLDER = "ocid1.key.oc1.iad.REPLACE-ME"
SECOND_POOL = {
    "name": "mi300x",
    "shape": "BM.GPU.MI300.8",
    "nodes": 1001,
    "sizeOwner": "external",
    "minNodes": 3,
    "maxNodes": 2,
    "imageId": IMAGE,
}

Case = tuple[str, list[Change], str]
"""A name, the changes to a valid configuration, and the line of output about them."""

WORDS: list[Case] = [
    (
        "unknown key",
        [("governance.zzz", 1)],
        "governance.zzz: unknown; is not a known key. There are: cloudGuard, securityZone",
    ),
    (
        "misspelt key",
        [("gpu.pools.0.node", 1)],
        "gpu.pools[0].node: unknown; is not a known key. Did you mean `nodes`?",
    ),
    (
        "misspelt section",
        [("netwrok", {})],
        "netwrok: unknown; is not a known section. Did you mean `network`?",
    ),
    (
        "missing key",
        [("cluster.pools.0.imageId", DELETE)],
        "cluster.pools[0].imageId: missing; is required. OCID of the OKE node image",
    ),
    ("missing section", [("tenancy", DELETE)], "tenancy.region: missing; is required."),
    (
        "number for text",
        [("network.dnsLabel", 7)],
        "network.dnsLabel: 7; must be text. Put it in quotes",
    ),
    ("mapping for a list", [("storage.buckets", {})], "storage.buckets: {}; must be a list"),
    (
        "text for a number",
        [("governance.budget.monthlyAmount", "plenty")],
        "governance.budget.monthlyAmount: 'plenty'; must be a whole number",
    ),
]
"""Mistakes for which a section cannot be read."""

RULES: list[Case] = [
    (
        "unknown region",
        [("tenancy.region", "us-ashbrun-1")],
        "tenancy.region: 'us-ashbrun-1'; must be the name of an OCI region. Did you mean `us-ashburn-1`?",
    ),
    (
        "overlapping CIDRs",
        [("network.subnets.public", "10.0.1.0/24"), ("network.subnets.private", "10.0.1.128/25")],
        "network.subnets.private: '10.0.1.128/25'; must not overlap public, 10.0.1.0/24",
    ),
    (
        "escaping CIDR",
        [("network.subnets.gpu", "10.1.0.0/24")],
        "network.subnets.gpu: '10.1.0.0/24'; must be inside the VCN, 10.0.0.0/16",
    ),
    (
        "subnet too small for nodes x pods",
        [("network.subnets.pods", "10.0.128.0/26")],
        "network.subnets.pods: '10.0.128.0/26'; has 61 usable addresses and must have 64064 or more.",
    ),
    (
        "unoffered Kubernetes version",
        [("cluster.kubernetesVersion", "v1.36.0")],
        "cluster.kubernetesVersion: 'v1.36.0'; must be one that OKE offers: v1.34.2, v1.35.2, v1.36.1.",
    ),
    (
        "no CPU pool beside the GPU pool",
        [("cluster.pools", [])],
        "cluster.pools: []; must contain a CPU pool, in addition to the GPU pools.",
    ),
    ("zero nodes", [("gpu.pools.0.nodes", 0)], "gpu.pools[0].nodes: 0; must be 1 or more"),
    (
        "preemptible bare metal",
        [("gpu.pools.0.preemptible", True)],
        "gpu.pools[0].preemptible: true; must be false: OCI has no preemptible bare-metal instances.",
    ),
    (
        "too many nodes",
        [("gpu.pools.1", SECOND_POOL)],
        "gpu.pools[1].nodes: 1001; must be 1000 or fewer",
    ),
    ("minimum above the maximum", [], "gpu.pools[1].minNodes: 3; must not be above maxNodes, 2"),
    (
        "unknown shape",
        [],
        "gpu.pools[1].shape: 'BM.GPU.MI300.8'; must be a GPU shape: BM.GPU.MI300X.8",
    ),
    (
        "duplicate name",
        [],
        "gpu.pools[1].name: 'mi300x'; must be unique; gpu.pools[0].name has the same name",
    ),
    (
        "secret in plain text",
        [("serving.huggingFaceToken", "hf_" + "a" * 20)],
        "serving.huggingFaceToken: [plain text]; must be encrypted.",
    ),
]
"""Mistakes in sections that can be read."""

REAL: list[Case] = [
    (
        "model that cannot fit its GPUs",
        [("serving.models.0.model", "llama-3.3-70b"), ("serving.models.0.contextTokens", 131072)],
        "serving.models[0].contextTokens: 131072; ",
    ),
    (
        "placeholder left in place",
        [("cluster.secretsKeyId", PLACEHOLDER)],
        f"cluster.secretsKeyId: '{PLACEHOLDER}'; is a placeholder, which a real `pulumi up` refuses.",
    ),
]
"""Mistakes that are refused only outside the sandbox, where the variable SANDBOX is not set."""

TABLES = (*WORDS, *RULES, *REAL)

OFF_THE_SANDBOX = f"""
import os, runpy
del os.environ["SANDBOX"]
runpy.run_path("{ROOT / "infra"}", run_name="__main__")
"""


def _write(project: SandboxProject, sections: dict[str, Any]) -> None:
    content = {"config": {f"{PROJECT}:{name}": section for name, section in sections.items()}}
    project.config_file.write_text(yaml.safe_dump(content))


def _with_mistakes(cases: list[Case]) -> dict[str, Any]:
    return config(*(change for _, changes, _ in cases for change in changes))


def _preview_of(project: SandboxProject, cases: list[Case]) -> Ran:
    """A preview with all mistakes of `cases` at once."""
    _write(project, _with_mistakes(cases))
    ran = project.preview()
    assert project.recorded() == []
    assert project.owned() == [], "no call to the cloud before the settings are valid"
    return ran


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """By case, the preview of its table: one preview for each table."""
    folder = tmp_path_factory.mktemp("settings")
    project = SandboxProject.of_this_repository(folder / "project")
    told = {
        case[0]: ran for cases in (WORDS, RULES) for ran in [_preview_of(project, cases)] for case in cases
    }
    real = _preview_of(SandboxProject.with_program(folder / "real", OFF_THE_SANDBOX), REAL)
    return told | dict.fromkeys([name for name, *_ in REAL], real)


@pytest.mark.parametrize(
    ("name", "line"), [(case[0], case[2]) for case in TABLES], ids=[case[0] for case in TABLES]
)
def test_the_engine_shows_the_problem_of_the_settings(previews: dict[str, Ran], name: str, line: str) -> None:
    ran = previews[name]
    assert ran.status != 0, ran.output
    assert line in ran.output, ran.output
    assert "Traceback" not in ran.output
    assert "hf_a" not in ran.output, "a secret in plain text must not be repeated"


def test_a_placeholder_is_a_warning_on_the_sandbox(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    _write(project, config(("cluster.secretsKeyId", PLACEHOLDER)))
    ran = project.preview().check()
    assert "1 placeholder, which a real `pulumi up` refuses: `playground check staging --real`" in ran.output


def test_up_refuses_wrong_settings_before_anything_is_created(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    _write(project, config(("network.cidr", "10.0.0.0/33")))
    ran = project.up()
    assert ran.status != 0
    assert "network.cidr: '10.0.0.0/33'; " in ran.output
    assert project.owned() == []
