"""The workflows run this project's commands with the tools they need, and show refusals to the author of a change."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.sandbox_project import ROOT
from tools import system_tools
from tools.system_tools import SystemTool

WORKFLOWS = {path.stem: path for path in (ROOT / ".github" / "workflows").iterdir()}
ON_EVERY_RUNNER = {"google-chrome"}
"""Source: the list of Ubuntu2404-Readme.md in github.com/actions/runner-images."""
CI_PAGE = (ROOT / "docs" / "ci.md").read_text()


def jobs(workflow: str) -> dict[str, Any]:
    return yaml.safe_load(WORKFLOWS[workflow].read_text())["jobs"]


def test_ci_installs_every_tool_that_it_needs() -> None:
    needed = {
        tool.debian
        for tool in vars(system_tools).values()
        if isinstance(tool, SystemTool) and tool.debian and (tool.data or not tool.unpacked)
        if not ON_EVERY_RUNNER & {*tool.others}
    }
    runs = [step["run"] for step in jobs("test")["test"]["steps"] if "apt-get" in step.get("run", "")]
    assert needed <= set(" ".join(runs).split()), (
        "a runner is not root, and with CI=true no check may be left out"
    )


def test_the_key_of_ci_s_cache_contains_the_lock_of_everything_that_is_kept_in_it() -> None:
    (cached,) = [
        step["with"]
        for step in jobs("test")["test"]["steps"]
        if "cache" in step.get("uses", "").split("@")[0]
    ]
    keyed = set(re.findall(r"'([^']+)'", cached["key"]))
    users = [*(ROOT / "sandbox").glob("*/*.py"), *(ROOT / "tools").glob("*/*.py")]
    folders = {
        path.parent for path in users if re.search(r"cache_folder\(\)|locked\.programs\(", path.read_text())
    }
    locks = {lock for folder in folders for name in ("go.sum", "*.lock") for lock in folder.glob(name)}
    assert keyed == {str(lock.relative_to(ROOT)) for lock in locks}


@pytest.mark.parametrize("job", ["sandbox", "cloud"])
def test_a_refused_preview_is_shown_too(job: str) -> None:
    steps = jobs("preview")[job]["steps"]
    shown = [step for step in steps if "summary" in step.get("name", "") or "upload" in step.get("uses", "")]
    assert [step["if"] for step in shown] == ["${{ !cancelled() }}"] * 2


@pytest.mark.parametrize("settings", [True, False])
def test_a_deployment_is_judged_with_the_settings_of_its_stack(settings: bool, tmp_path: Path) -> None:
    (step,) = [each["run"] for each in jobs("deploy")["up"]["steps"] if "pulumi up" in each.get("run", "")]
    engine = tmp_path / "pulumi"
    engine.write_text('#!/bin/sh\necho "$@"\n')
    engine.chmod(0o755)
    if settings:
        (tmp_path / "policies.staging.json").write_text("{}")
    variables = os.environ | {"STACK": "staging", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-e", "-c", step], cwd=tmp_path, env=variables, capture_output=True, text=True, check=True
    )
    assert f"--policy-pack {tmp_path}/policies/analyzer" in ran.stdout
    assert (f"--policy-pack-config {tmp_path}/policies.staging.json" in ran.stdout) == settings


@pytest.mark.parametrize("workflow", sorted(WORKFLOWS))
def test_the_page_lists_what_a_repository_must_set(workflow: str) -> None:
    text = WORKFLOWS[workflow].read_text()
    named = set(re.findall(r"\b(?:vars|secrets)\.([A-Z_]+)", text))
    assert {name for name in named if f"`{name}`" not in CI_PAGE} == set()
    assert f"| `{workflow}` |" in CI_PAGE


@pytest.mark.parametrize(("status", "heading"), [(0, "1 unchanged"), (255, "failed")])
def test_a_preview_of_the_account_writes_the_comment_and_fails_if_it_is_refused(
    tmp_path: Path, status: int, heading: str
) -> None:
    errors = [{"severity": "error", "message": "400-LimitExceeded"}] if status else []
    (tmp_path / "preview.json").write_text(
        json.dumps({"steps": [], "diagnostics": errors, "changeSummary": {"same": 1}})
    )
    engine = tmp_path / "pulumi"
    engine.write_text(
        f'#!/bin/sh\n[ "$1" = preview ] || exit 1\ncat {tmp_path}/preview.json\nexit {status}\n'
    )
    engine.chmod(0o755)
    done = subprocess.run(
        ["sh", "tools/preview_cloud.sh", "staging", str(tmp_path / "out.md")],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    assert done.returncode == status
    comment = (tmp_path / "out.md").read_text()
    assert f"## Preview of `staging`: {heading}" in comment.replace("no changes, ", "")
    assert ("### Policies" in comment) == (status == 0), "a refused preview names no resources"


def test_a_preview_that_cannot_be_judged_says_so_in_the_comment(tmp_path: Path) -> None:
    (tmp_path / "preview.json").write_text("nonsense")
    words = [
        "sh",
        "tools/comment_policies.sh",
        "staging",
        *(str(tmp_path / each) for each in ("preview.json", "out.md")),
    ]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == 2
    assert "    policies: it is not JSON" in (tmp_path / "out.md").read_text()
