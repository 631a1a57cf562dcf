"""`playground release`: addresses and options that are refused, and diffs that fit the file as it is."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.project.stackfile import ROOT

SECRET = "marker-4711"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example in a folder below the current one."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "stacks" / "Pulumi.releases.yaml"
    path.parent.mkdir()
    path.write_bytes((ROOT / "examples" / "releases.yaml").read_bytes())
    return path


def release(file: Path, action: str, *words: str) -> Result:
    given = ["release", "releases", "qwen3-32b", action, "--config-file", str(file), *words]
    return CliRunner().invoke(main, given)


def apply(text: bytes) -> None:
    """What the page says: git applies all that the command printed."""
    subprocess.run(["git", "apply", "-"], input=text, check=True)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://[::1", "'http://[::1'; must be the address of a Prometheus"),
        (f"http://me:{SECRET}@127.0.0.1:9", "'[hidden]'; must not have a user or a password"),
        (f"ftp://me:{SECRET}@127.0.0.1:9", "'[hidden]'; must be the address of a Prometheus"),
        (f"http://127.0.0.1:9?token={SECRET}", "'[hidden]'; must be the address of a Prometheus"),
    ],
)
def test_a_wrong_address_is_refused_without_its_secret(file: Path, url: str, message: str):
    found = release(file, "status", "--prometheus", url)
    assert found.exit_code == 1
    assert f"--prometheus: {message}" in found.output
    assert SECRET not in found.output


@pytest.mark.parametrize("action", ["abort", "status"])
def test_a_weight_without_a_promotion_is_wrong_usage(file: Path, action: str):
    found = release(file, action, "--weight", "50")
    assert found.exit_code == 2
    assert "--weight is for promote" in found.output


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_git_applies_what_is_printed_where_it_is_printed(file: Path, end: bytes):
    before = file.read_bytes().replace(b"\n", end)
    file.write_bytes(before)
    apply(release(file, "promote").stdout_bytes)
    assert file.read_bytes() == before.replace(b"weight: 25", b"weight: 50")


def test_a_file_without_a_last_line_end_stays_so(file: Path):
    text = file.read_text().split("    candidates:")[0]
    file.write_text(text + "    candidates: {qwen3-32b: {weight: 0, replicas: 4, kvCacheType: fp8}}")
    apply(release(file, "promote").stdout_bytes)
    assert file.read_text().endswith(
        "\n    candidates: {qwen3-32b: {weight: 25, replicas: 4, kvCacheType: fp8}}"
    )


@pytest.mark.parametrize("action", ["abort", "promote"])
def test_requests_are_not_sent_back_to_a_model_without_engines(file: Path, action: str):
    text = file.read_text().replace("weight: 25", "weight: 100")
    file.write_text(text.replace("gpus: 1\n        replicas: 4", "gpus: 1\n        replicas: 0"))
    found = release(file, action)
    assert found.exit_code == 1
    assert "serving.models[0].replicas: 0; must be 1 or more" in found.output
    assert "+++" not in found.output
