"""`playground render` and `playground pin-image`: objects as files, and how to find a digest."""

import json
import stat
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.commands.pin_image import TOOLS, command
from infra.commands.yaml_text import as_yaml
from sandbox.kubernetes.api.kinds import kind_of
from sandbox.kubernetes.api.openapi import problems, validator
from serving.jobs import script
from tests.infra.commands.test_cli import file_with


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_object_of_a_stack_is_a_file_that_passes_its_schema(tmp_path: Path, stack: str):
    found = invoke("render", stack, "--output", str(tmp_path), "--json")
    assert found.exit_code == 0
    rows = json.loads(found.output)
    assert {row["file"] for row in rows} == set(files(tmp_path))
    for row in rows:
        body = yaml.safe_load((tmp_path / row["file"]).read_text(encoding="utf-8"))
        assert (body["apiVersion"], body["kind"]) == (row["apiVersion"], row["kind"])
        kind = kind_of(body["apiVersion"], body["kind"])
        if kind.native:
            kubernetes_validate.validate(body, "1.36", strict=True)
        elif kind.kind != "Release":
            check = validator("v1.36.1", kind)
            assert check is not None, f"no schema of {kind}"
            assert problems(check, body) == []
    assert "serving/deployment.apps-qwen3-32b.yaml" in files(tmp_path)


def test_the_same_settings_give_the_same_files(tmp_path: Path):
    for folder in ("one", "two"):
        assert invoke("render", "prod", "--output", str(tmp_path / folder)).exit_code == 0
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_later_rendering_removes_files_without_an_object(tmp_path: Path):
    out = tmp_path / "out"
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    renamed = file_with(after, ("serving.models.0.name", "chat"))
    assert invoke("render", "test", "--config-file", file_with(before), "--output", str(out)).exit_code == 0
    assert invoke("render", "test", "--config-file", renamed, "--output", str(out)).exit_code == 0
    assert "serving/deployment.apps-chat.yaml" in files(out)
    assert "serving/deployment.apps-qwen3-32b.yaml" not in files(out)


def test_a_file_from_elsewhere_is_neither_overwritten_nor_removed(tmp_path: Path):
    (tmp_path / "serving").mkdir()
    mine = tmp_path / "serving" / "service-qwen3-32b.yaml"
    mine.write_text("kind: Mine\n", encoding="utf-8")
    found = invoke("render", "staging", "--output", str(tmp_path))
    assert found.exit_code == 1
    assert "was not rendered" in found.output
    assert files(tmp_path) == {"serving/service-qwen3-32b.yaml": "kind: Mine\n"}


def test_without_a_folder_the_objects_are_printed_as_one_stream():
    kinds = {body["kind"] for body in yaml.safe_load_all(invoke("render", "staging").output)}
    assert {"Namespace", "Deployment", "Service", "PodDisruptionBudget"} <= kinds


def test_scripts_keep_their_lines():
    text = invoke("render", "prod").output
    lines = script("smoke_test.py").splitlines()[:20]
    assert "smoke_test.py: |" in text
    assert all(line in text for line in lines)


@pytest.mark.parametrize(
    "text", ["one line", "two\nlines\n", "no end\nof line", "x " * 300, "ends in a space \nx", "é: #"]
)
def test_any_text_is_read_back_unchanged(text: str):
    assert yaml.safe_load(as_yaml({"a": {"text": text}, "b": [text]})) == {"a": {"text": text}, "b": [text]}


def test_secrets_are_redacted(tmp_path: Path):
    path = Path(file_with(tmp_path, ("serving.huggingFaceToken", {"secure": "v1:abc"})))
    out = tmp_path / "out"
    assert invoke("render", "test", "--config-file", str(path), "--output", str(out)).exit_code == 0
    secret = yaml.safe_load((out / "serving" / "secret-hub-token.yaml").read_text(encoding="utf-8"))
    assert set((secret.get("stringData") or secret["data"]).values()) == {"REDACTED"}
    assert "[encrypted]" not in "".join(files(out).values())


def test_an_engine_over_several_nodes_is_rendered_with_whole_pods(tmp_path: Path):
    path = file_with(
        tmp_path,
        ("gpu.pools.0.nodes", 2),
        ("serving.models.0.model", "kimi-k2"),
        ("serving.models.0.gpus", 8),
        ("serving.models.0.nodes", 2),
        ("serving.platform.leaderWorkerSet", {}),
    )
    found = invoke("render", "test", "--config-file", path)
    (group,) = [body for body in yaml.safe_load_all(found.output) if body["kind"] == "LeaderWorkerSet"]
    leader = group["spec"]["leaderWorkerTemplate"]["leaderTemplate"]["spec"]
    assert leader["terminationGracePeriodSeconds"] == 3570
    assert leader["containers"][0]["resources"]["limits"]["nvidia.com/rdma-vf"] == "8"


def test_a_folder_that_cannot_be_written_is_reported_without_a_traceback(tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    found = invoke("render", "staging", "--output", str(taken / "out"))
    assert found.exit_code == 1
    assert f"--output: {taken / 'out'} cannot be written" in found.output


def test_wrong_settings_render_nothing(tmp_path: Path):
    out = tmp_path / "out"
    path = file_with(tmp_path, ("serving.models.0.gpus", 3))
    found = invoke("render", "test", "--config-file", path, "--output", str(out))
    assert found.exit_code == 1
    assert "serving.models[0].gpus" in found.output
    assert not out.exists()


def test_pin_image_uses_the_tag_that_fits_the_driver():
    output = invoke("pin-image", "staging").output
    assert "v0.33.0-rocm72" in output
    assert all(f"  {tool} " in output for tool in TOOLS)
    assert "genai-playground:serving.imageDigest" in output


@pytest.mark.parametrize("tool", TOOLS)
def test_a_digest_is_looked_up_with_the_installed_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
):
    digest = "sha256:" + "ab" * 32
    program = tmp_path / tool
    program.write_text(
        f'#!/bin/sh\n[ "$1" = "{command(tool, "x")[1]}" ] && echo {digest}\n', encoding="utf-8"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    report = json.loads(invoke("pin-image", "prod", "--tag", "v1", "--look-up", "--json").output)
    assert report["digest"] == report["set"][-1] == digest
    assert report["image"].endswith(":v1")
    assert report["pinned"] is None, "the example's digest is a placeholder"


def test_a_look_up_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = invoke("pin-image", "prod", "--look-up")
    assert found.exit_code == 1
    assert "none of crane, skopeo, docker is installed" in found.output
    program = tmp_path / "crane"
    program.write_text("#!/bin/sh\necho no such tag >&2\nexit 1\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert "crane found no digest" in invoke("pin-image", "prod", "--look-up").output
