"""The README's tour, step by step."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.test_readme import README
from tests.support.sandbox_project import SandboxProject
from tools.system_tools import BIN

TOUR = [" ".join(block.split()) for block in re.findall(r"```text\n(.*?)```", README, re.DOTALL)]


def edited(folder: Path, old: str, new: str) -> SandboxProject:
    """Staging with one edit in its stack file."""
    project = SandboxProject.of_this_repository(folder)
    text = project.config_file.read_text()
    assert text.count(old) == 1, "the README must name one line"
    project.config_file.write_text(text.replace(old, new))
    return project


@pytest.mark.parametrize(
    ("step", "old", "new"),
    [
        (0, "nodes: 1\n        imageId", "nodes: 0\n        imageId"),
        (1, "model: qwen3-32b\n", "model: llama-3.3-70b\n"),
    ],
    ids=["settings", "memory plan"],
)
def test_the_mistakes_of_the_tour_are_refused_with_the_text_shown(
    tmp_path: Path, step: int, old: str, new: str
) -> None:
    project = edited(tmp_path / "project", old, new)
    words = ["check", "staging", "--config-file", str(project.config_file)]
    ran = subprocess.run([str(BIN / "playground"), *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told = TOUR[step].removeprefix("$ .venv/bin/playground check staging ")
    assert " ".join(ran.stdout.split()).startswith(told)


@pytest.mark.engine
@pytest.mark.prove
def test_the_third_refusal_of_the_tour_comes_from_the_cloud_and_is_undone_as_shown(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.up().check()
    one_node = project.config_file.read_text()
    (limit, up) = re.findall(r"^\$ \.venv/bin/sandbox (.+)$", README, re.MULTILINE)
    project.sandbox(*limit.split()).check()
    two_nodes = edited(tmp_path / "edited", "nodes: 1\n        imageId", "nodes: 2\n        imageId")
    project.config_file.write_text(two_nodes.config_file.read_text())
    ran = project.sandbox(*up.split(), "--yes")
    assert ran.status != 0
    assert TOUR[2][TOUR[2].index("error:") :] in " ".join(ran.output.split())
    project.config_file.write_text(one_node)
    undone = project.up("--verbose")
    # The quota grew with the pool's size in the settings before the cloud refused the second node.
    assert re.findall(r"~  (\S+) .* updated", undone.check().output) == ["oci:Limits:Quota"]
    project.up("--expect-no-changes").check()
