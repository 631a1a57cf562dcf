"""What the README shows works."""

import re
import subprocess
from pathlib import Path

import pytest

from facts.kubernetes import DEFAULT_VERSION
from tests.support.monitor import run
from tests.support.sandbox_project import BIN, ROOT

README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

OCID = "ocid1.{}.oc1.iad.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
OWN = {
    "compartmentId": "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "clusterId": OCID.format("cluster"),
    "imageId": OCID.format("image"),
    "subnetId": OCID.format("subnet"),
    "podSubnetId": OCID.format("subnet"),
    "availabilityDomain": "Uocm:US-ASHBURN-AD-1",
}


def test_the_library_example_makes_a_pool() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in example.splitlines() if line.strip()]) <= 15
    config = {f"genai-playground:{key}": value for key, value in OWN.items()}
    recording = run(lambda: exec(example, {}), config=config)  # noqa: S102 - the README's own text
    pool = recording.one("oci:ContainerEngine/nodePool:NodePool")
    assert pool.inputs["nodeShape"] == "BM.GPU.MI300X.8"
    assert pool.inputs["kubernetesVersion"] == DEFAULT_VERSION


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\bplayground ([a-z]+)", README))))
def test_every_playground_command_that_is_named_exists(command: str) -> None:
    helped = subprocess.run([str(BIN / "playground"), command, "--help"], capture_output=True, check=False)
    assert helped.returncode == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README)) - {"it"}))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_a_preview_ends_in_the_cost() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "preview", "STACK=prod"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stdout.index("sandbox preview --stack prod") < asked.stdout.index("playground report prod")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
