"""`playground new`: a copy does not create the tag namespace that its source's stack creates."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from infra.commands.cli import main
from infra.project.stackfile import PROJECT, ROOT


@pytest.mark.parametrize(
    ("given", "copied"),
    [
        (["namespace: Operations"], None),
        (["namespace: staging-operations"], "qa-operations"),
        (["namespace: Operations", "manage: false"], "Operations"),
    ],
)
def test_a_namespace_of_a_fixed_name_is_left_out_if_the_source_creates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], copied: str | None
) -> None:
    first = "      costCentre: genai\n"
    text = (ROOT / "Pulumi.staging.yaml").read_text()
    assert text.count(first) == 1
    text = text.replace(first, first + "".join(f"      {each}\n" for each in given))
    (tmp_path / "Pulumi.yaml").write_text("name: genai-playground\n")
    (tmp_path / "Pulumi.staging.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    found = CliRunner().invoke(main, ["new", "qa", "--from", "staging", "--offline"])
    assert found.exit_code == 0, found.output
    config = yaml.safe_load((tmp_path / "Pulumi.qa.yaml").read_text())["config"]
    tags = config[f"{PROJECT}:governance"]["tags"]
    assert tags.get("namespace") == copied
    assert tags["costCentre"] == "genai"
