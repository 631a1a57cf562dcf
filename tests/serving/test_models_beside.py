"""The user's own models in files next to the stack, and a stack without models."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.problem import InvalidInput
from facts.shapes import MI300X
from infra.settings.reading.loader import examine
from serving.catalogue import catalogue, find_model
from serving.catalogue.own_models import add_models_from, use_models_from
from serving.engine.choices import EngineChoices
from serving.engine.model_server import ModelServer, ModelServerArgs
from serving.engine.problems import engine_problems
from serving.engine.request import PlanRequest
from tests.serving.weights.test_weights import COMMIT, DIGEST, made, pod

FILE = Path(__file__).parents[2] / "serving" / "catalogue" / "qwen3-32b.yaml"


@pytest.fixture
def folder(tmp_path):
    """A folder with one model. Afterwards, only the catalogue's models are left."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8")) | {
        "name": "own-32b",
        "repository": "us/own-32b",
    }
    models = tmp_path / "models"
    models.mkdir()
    (models / "own-32b.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    yield models
    use_models_from(None, "")


def test_a_users_own_model_is_found_like_any_other(folder):
    assert not add_models_from(folder, "m")
    found = find_model("own-32b")
    assert found is not None
    assert found.repository == "us/own-32b"
    assert set(catalogue()) > {"own-32b", "qwen3-32b"}
    use_models_from(None, "")
    assert find_model("own-32b") is None


def test_problems_of_the_files_are_reported_by_file_and_path(folder):
    (folder / "broken.yaml").write_text("name: broken\nlayers: many\n", encoding="utf-8")
    (folder / "qwen3-32b.yaml").write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    told = [str(problem) for problem in use_models_from(folder, "serving.catalogue")]
    assert any(text.startswith("serving.catalogue/broken.yaml: layers") for text in told)
    assert any("is already a model of the catalogue" in text for text in told)


@pytest.mark.parametrize("name", ["other.yml", "other.YAML"])
def test_a_file_that_is_not_read_is_refused(folder, name):
    (folder / name).write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    (told,) = map(str, use_models_from(folder, "serving.catalogue"))
    assert told.startswith(f"serving.catalogue/{name}: ")
    assert "Call the file other.yaml" in told


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (
            {"environment": {"VLLM_RPC_TIMEOUT": "18000000"}},
            "environment.VLLM_RPC_TIMEOUT",
            "no such variable",
        ),
        ({"environment": {"VLLM_ROCM_USE_AITER": "on"}}, "environment.VLLM_ROCM_USE_AITER", "must be one of"),
        ({"environment": {"HF_TOKEN": "hf_sesame"}}, "environment.HF_TOKEN", "is a secret"),
        ({"environment": {"S3_PASSWORD": "sesame"}}, "environment.S3_PASSWORD", "must not contain a secret"),
        ({"environment": {"NOTE": "ghp_" + "a1" * 12}}, "environment.NOTE", "must not contain a secret"),
        ({"environment": {"AITER_JIT_DIR": "/cache/aiter"}}, "environment.AITER_JIT_DIR", "no other pod"),
        ({"environment": {"PYTHONPATH": "/opt"}}, "environment.PYTHONPATH", "is the image's own"),
        ({"environment": {"HF_HOME": "/opt"}}, "environment.HF_HOME", "is set by"),
        ({"options": {"swap-space": 4}}, "options.swap-space", "was removed"),
        ({"options": {"api-key": "sesame"}}, "options.api-key", "would be readable"),
        ({"options": {"port": 9000}}, "options.port", "is set by another key"),
        ({"options": {"max-num-seq": 8}}, "options.max-num-seq", "is not an option"),
        ({"options": {"max-num-seqs": "many"}}, "options.max-num-seqs", "whole number"),
        (
            {"options": {"hf-overrides": '{"token": "Bearer abcdef123456"}'}},
            "options.hf-overrides",
            "a secret",
        ),
        ({"reasoningParser": "qwen33"}, "reasoningParser", "is not a parser of vLLM"),
        ({"toolParser": "none"}, "toolParser", "is not a parser of vLLM"),
        ({"kvCacheType": "fp9"}, "kvCacheType", "must be one of"),
        ({"revision": "main"}, "revision", "must be a commit"),
    ],
)
def test_a_users_file_is_judged_as_the_catalogue_is(folder, monkeypatch, changes, path, words):
    file = folder / "own-32b.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) | changes
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    (folder.parent / "Pulumi.yaml").write_text("name: genai-playground\nruntime: python\n", encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    serving = {"catalogue": "./models", "imageDigest": f"sha256:{'0' * 64}", "models": [_model()]}
    told = [
        each for each in examine({"serving": serving}, "dev").problems if each.path.startswith("serving.c")
    ]
    assert [each.path for each in told] == [f"serving.catalogue/own-32b.yaml: {path}"]
    assert words in told[0].allowed
    assert "sesame" not in str(told[0])


@pytest.mark.parametrize(("name", "words"), [("none", "is not a folder"), ("empty", "one file per model")])
def test_a_folder_without_models_is_refused(tmp_path, name, words):
    (tmp_path / "empty").mkdir()
    (problem,) = use_models_from(tmp_path / name, "serving.catalogue")
    assert words in problem.allowed


def test_fp4_in_a_users_file_is_refused_on_gpus_without_it(folder):
    file = folder / "own-32b.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(content | {"options": {"quantization": "mxfp4"}}), encoding="utf-8")
    assert not add_models_from(folder, "m")
    request = PlanRequest(catalogue()["own-32b"], MI300X)
    told = [each for each in engine_problems(request, "own", "m") if each.path == "m.model"]
    assert len(told) == 1
    assert "has no FP4 units" in told[0].allowed


@pytest.mark.parametrize(("value", "words"), [("", "must be a folder"), ("a" * 5000, "cannot be read")])
def test_a_name_that_no_folder_can_have_is_refused(value, words):
    serving = {"catalogue": value, "models": []}
    (problem,) = [each for each in examine({"serving": serving}, "dev").problems if "catalogue" in each.path]
    assert words in problem.allowed


def test_a_problem_of_a_key_does_not_show_the_rest_of_its_file(folder):
    file = folder / "own-32b.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) | {"environment": {"S3_PASSWORD": "sesame"}}
    for changes in ({"verified": True}, {"layers": None}):
        file.write_text(yaml.safe_dump(content | changes), encoding="utf-8")
        assert "sesame" not in str(add_models_from(folder, "m"))
    del content["layers"]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    (problem,) = add_models_from(folder, "m")
    assert str(problem).startswith("m/own-32b.yaml: layers: missing; ")


def test_a_model_server_of_the_package_accepts_a_folder(folder):
    given: dict[str, Any] = {
        "namespace": "serving",
        "model": "own-32b",
        "image": f"vllm@{DIGEST}",
        "shape": "BM.GPU.MI300X.8",
        "engine": EngineChoices(revision=COMMIT),
    }
    with pytest.raises(InvalidInput, match="is not a model of the catalogue"):
        made(lambda opts: ModelServer("chat", ModelServerArgs(**given), opts))
    with_folder = ModelServerArgs(**given, catalogue=str(folder))
    recording = made(lambda opts: ModelServer("chat", with_folder, opts))
    assert pod(recording, "chat-engine")["containers"][0]["args"][0] == "us/own-32b"


def test_the_settings_read_the_folder_next_to_the_project(folder, monkeypatch):
    (folder.parent / "Pulumi.yaml").write_text("name: genai-playground\nruntime: python\n", encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    serving = {"catalogue": "./models", "imageDigest": f"sha256:{'0' * 64}", "models": [_model()]}
    paths = {problem.path for problem in examine({"serving": serving}, "dev").problems}
    assert not [path for path in paths if path.startswith("serving.models[0].model") or "catalogue" in path]
    told = [str(each) for each in examine({"serving": {**serving, "catalogue": "./modles"}}, "dev").problems]
    assert any(text.startswith("serving.catalogue: ") for text in told)


def _said(folder, monkeypatch, model="own-32b"):
    """The problems of a stack that uses a model of the folder."""
    (folder.parent / "Pulumi.yaml").write_text("name: genai-playground\nruntime: python\n", encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    serving = {"catalogue": "./models", "imageDigest": f"sha256:{'0' * 64}"}
    found = examine({"serving": {**serving, "models": [{**_model(), "model": model}]}}, "dev").problems
    return [
        str(each) for each in found if each.path.startswith(("serving.catalogue", "serving.models[0].model"))
    ]


def test_a_problem_of_a_models_own_file_is_the_only_one_about_it(folder, monkeypatch):
    (folder / "own-32b.yaml").write_text("layers: 3\nlayers: 4\n", encoding="utf-8")
    (said,) = _said(folder, monkeypatch)
    assert said.startswith("serving.catalogue/own-32b.yaml: ")
    (folder / "own-32b.yaml").unlink()
    (said,) = _said(folder, monkeypatch)
    assert said.startswith("serving.catalogue: ")


def test_another_unknown_model_is_named_beside_a_problem_of_a_file(folder, monkeypatch):
    (folder / "own-32b.yaml").write_text("layers: many\n", encoding="utf-8")
    said = _said(folder, monkeypatch, "own-70b")
    assert [each for each in said if each.startswith("serving.models[0].model: 'own-70b'; is not a model")]


def _model():
    return {"name": "own", "model": "own-32b", "pool": "mi300x", "revision": COMMIT}


def test_a_stack_without_models_needs_no_serving_section():
    found = examine({}, "dev").problems
    assert not [problem for problem in found if problem.path.startswith("serving")]
    (problem,) = [
        each
        for each in examine({"serving": {"models": []}}, "dev").problems
        if each.path.startswith("serving")
    ] or [None]
    assert problem is None
