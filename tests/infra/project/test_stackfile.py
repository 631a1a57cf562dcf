"""Stack files are read like the engine reads them, without secrets."""

from pathlib import Path

import pytest

from facts.problem import InvalidInput
from infra.project.stackfile import ENCRYPTED, read_stack_file, stack_names
from infra.settings import examine

TEXT = """\
config:
  aws:region: us-west-2
  genai-playground:serving:
    huggingFaceToken:
      secure: v1:abc
    models:
      - environment: {TOKEN: {secure: v1:def}}
  network:
    cidr: 10.0.0.0/16
"""


def test_only_the_paths_of_encrypted_values_are_known(tmp_path: Path):
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


def test_a_missing_stack_file_lists_the_existing_stacks():
    with pytest.raises(InvalidInput, match="Stacks here: dev, prod, staging"):
        read_stack_file("stagin")
    assert stack_names() == ["dev", "prod", "staging"]


def test_a_file_that_is_not_yaml_is_a_problem(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text("config: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"Pulumi\.test\.yaml, line 1: .* is not closed"):
        read_stack_file("test", file)


def test_an_empty_file_has_no_sections(tmp_path: Path):
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text("", encoding="utf-8")
    assert read_stack_file("test", file).sections == {}


def read(folder: Path, text: str):
    file = folder / "Pulumi.test.yaml"
    file.write_text(text, encoding="utf-8")
    return read_stack_file("test", file)


def said(folder: Path, text: str) -> str:
    return "\n".join(str(problem) for problem in read(folder, text).problems)


def test_a_misspelt_prefix_is_refused_with_a_suggestion_and_its_section_is_read(tmp_path: Path):
    text = "config:\n  genai-playground:gpu: {}\n  genai-playgroud:observability: {topics: []}\n  genai:budgets: {}\n"
    assert said(tmp_path, text) == (
        "genai-playgroud:observability: unknown; is ignored, because the prefix is not this project's. "
        "Did you mean `genai-playground:observability`?"
    )
    assert read(tmp_path, text).sections["observability"] == {"topics": []}


def test_a_section_under_any_other_prefix_is_refused(tmp_path: Path):
    assert "Did you mean `genai-playground:gpu`?" in said(
        tmp_path, "config:\n  network: {}\n  playground:gpu: {}\n"
    )


def test_a_whole_file_of_another_project_says_so_and_nothing_else(tmp_path: Path):
    found = read(tmp_path, "config:\n  shop:replicas: 3\n  shop:network: {}\n")
    assert [str(problem) for problem in found.problems] == [
        "config: 'shop'; is the configuration of another project. "
        "The keys of this project begin with `genai-playground:`"
    ]
    assert examine(found.sections, "test", beside=found.problems).problems == list(found.problems)


def test_keys_of_the_engine_and_of_other_programs_are_allowed(tmp_path: Path):
    assert said(tmp_path, "config:\n  network: {}\n  pulumi:tags: {}\n  aws:region: y\n") == ""


@pytest.mark.parametrize(
    ("key", "instead"),
    [
        ("oci:region", "Set `tenancy.region` of `genai-playground` instead"),
        ("oci:config:region", "Set `tenancy.region` of `genai-playground` instead"),
        ("oci:tenancyOcid", "Set `tenancy.tenancyId` of `genai-playground` instead"),
        (
            "oci:privateKey",
            "Remove it: `tenancy.auth` and `tenancy.configFileProfile` choose the credentials",
        ),
        ("kubernetes:kubeconfig", "Remove it: the program uses the cluster that it creates"),
        ("kubernetes:cluster", "Remove it: the program uses the cluster that it creates"),
    ],
)
def test_keys_of_the_providers_are_refused_because_they_would_be_ignored(
    tmp_path: Path, key: str, instead: str
):
    found = said(tmp_path, f"config:\n  network: {{}}\n  {key}: a-value\n")
    assert "is ignored, because the program configures its providers itself" in found
    assert instead in found
    assert "a-value" not in found


@pytest.mark.parametrize("namespace", ["oci", "kubernetes", "pulumi"])
def test_a_section_under_the_prefix_of_a_provider_is_refused(tmp_path: Path, namespace: str):
    found = said(tmp_path, f"config:\n  network: {{}}\n  {namespace}:observability: {{topics: []}}\n")
    assert "Did you mean `genai-playground:observability`?" in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "confg:\n  network: {}\n",
            "confg: unknown; is not a key that the engine reads here. Did you mean `config`?",
        ),
        ("config: {}\n---\nconfig: {}\n", "line 2: '---'; begins a second document"),
        (
            "config:\n  network: {}\n  genai-playground:network: {}\n",
            "is set with and without its prefix",
        ),
        ("config:\n  a:b:c: {}\n", "a:b:c: unknown; is not a valid configuration key"),
    ],
)
def test_content_that_the_engine_ignores_or_cannot_read_is_refused(tmp_path: Path, text: str, words: str):
    assert words in said(tmp_path, text)


@pytest.mark.parametrize("text", ["- a\n", "text\n", "config: [a]\n", "config: text\n"])
def test_content_that_is_not_a_mapping_is_refused_by_name(tmp_path: Path, text: str):
    with pytest.raises(InvalidInput, match="must be a mapping"):
        read(tmp_path, text)


def test_a_value_under_secure_that_is_not_text_is_not_a_secret(tmp_path: Path):
    assert read(tmp_path, "config:\n  network: {a: {secure: 1}}\n").encrypted == frozenset()


def test_only_the_chosen_stack_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "Pulumi.yaml").write_text("name: genai-playground\n", encoding="utf-8")
    (tmp_path / "Pulumi.broken.yaml").write_text("\tconfig: [", encoding="utf-8")
    (tmp_path / "Pulumi.v1.2.yaml").write_text("config:\n  network: {}\n", encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert stack_names() == ["broken", "v1.2"]
    assert read_stack_file("v1.2").sections == {"network": {}}
