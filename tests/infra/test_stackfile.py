"""A stack file is read as the engine reads it, without its secrets."""

from pathlib import Path

import pytest

from facts.problem import InvalidInput
from infra.stackfile import ENCRYPTED, read_stack_file, stack_names

TEXT = """\
config:
  oci:region: us-phoenix-1
  genai-playground:serving:
    huggingFaceToken:
      secure: v1:abc
    models:
      - environment: {TOKEN: {secure: v1:def}}
  network:
    cidr: 10.0.0.0/16
"""


def test_encrypted_values_are_known_by_their_paths_only(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(TEXT, encoding="utf-8")
    found = read_stack_file("test", file)
    assert found.encrypted == {"serving.huggingFaceToken", "serving.models[0].environment.TOKEN"}
    assert found.sections["serving"] == {
        "huggingFaceToken": ENCRYPTED,
        "models": [{"environment": {"TOKEN": ENCRYPTED}}],
    }


def test_keys_without_a_namespace_are_the_projects_and_others_are_left_out(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert set(read_stack_file("test", file).sections) == {"serving", "network"}


def test_a_stack_without_a_file_names_those_there_are():
    with pytest.raises(InvalidInput, match="Stacks here: dev, prod, staging"):
        read_stack_file("stagin")
    assert stack_names() == ["dev", "prod", "staging"]


def test_a_file_that_is_no_yaml_is_a_problem(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text("config: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match="must be YAML"):
        read_stack_file("test", file)


def test_an_empty_file_has_no_sections(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text("", encoding="utf-8")
    assert read_stack_file("test", file).sections == {}
