"""The catalogue: every file is complete, and a wrong file is refused with all its problems."""

import json
import re
from pathlib import Path

import pytest
import yaml

from facts.ocids import is_placeholder
from facts.problem import InvalidInput
from facts.shapes import MI300X
from facts.vllm import REASONING_PARSERS, TOOL_PARSERS
from serving.catalogue import catalogue, find_model, model_schema, read_model
from serving.engine.environment import environment_problems
from serving.engine.memory.plan import plan_memory
from serving.engine.options.arguments import option_problems
from serving.engine.request import PlanRequest

FOLDER = Path("serving/catalogue")
FILES = sorted((Path(__file__).parents[2] / FOLDER).glob("*.yaml"))
GOOD = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))


@pytest.fixture
def write(tmp_path):
    def written(**changes):
        content = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        path = tmp_path / f"{content.get('name', 'none')}.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_of_the_catalogue_fits_a_node_and_passes_the_engines_own_rules(path):
    model = read_model(path)
    assert plan_memory(PlanRequest(model, MI300X)).fits, (
        f"{model.name} must fit one node of MI300X in some layout"
    )
    assert not list(option_problems(model.options, path.stem))
    assert not list(environment_problems(model.environment, path.stem))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_vllm_knows_the_parsers(path):
    model = read_model(path)
    assert {model.tool_parser} - {None} <= TOOL_PARSERS
    assert {model.reasoning_parser} - {None} <= REASONING_PARSERS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_verified_model_names_the_recipe_that_verifies_it(path):
    model = read_model(path)
    assert any("vllm-project/recipes: models/" in source for source in model.source)
    assert any("config.json" in source or "report" in source or "card" in source for source in model.source)


def test_the_catalogue_covers_the_kinds_of_models_that_mi300x_serves():
    verified = [model for model in catalogue().values() if model.verified]
    assert len(verified) >= 14
    assert {model.weight_type for model in verified} >= {"bf16", "fp8", "int4"}
    assert {model.attention.kind for model in verified} == {"gqa", "mla"}
    assert {model.active_billion is None for model in verified} == {True, False}, (
        "dense and mixtures of experts"
    )
    assert min(model.parameters_billion for model in verified) < 9
    assert max(model.parameters_billion for model in verified) > 1000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_weights_agree_with_the_parameters_and_their_type(path):
    model = read_model(path)
    # Mixed checkpoints keep norms, embeddings and routers in BF16, so small types weigh a little more.
    low, high = {"bf16": (1.98, 2.02), "fp8": (1.0, 1.1), "mxfp4": (0.5, 0.67), "int4": (0.5, 0.65)}[
        model.weight_type
    ]
    assert low <= model.weights_gb / model.parameters_billion <= high


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_size_of_weights_has_a_source_that_supports_it(path):
    model = read_model(path)
    if model.weights_known == "computed":
        assert model.weight_type == "bf16", "for other types only the files show the size"
        assert model.weights_gb == pytest.approx(2 * model.parameters_billion, rel=0.01)
    elif model.weights_known == "published":
        size = r"[0-9.,]+ (bytes|GB of files|GiB checkpoint)|files \([0-9.]+ [GT]B\)"
        assert any(re.search(size, source) for source in model.source), "where it is published"
    else:
        minimum = next(re.search(r"([0-9]+) GB minimum memory", text) for text in model.source)
        assert minimum is not None, "the recipe bounds it"
        assert model.weights_gb < float(minimum[1]), "a recipe requires more memory than the weights"


def parameters(model):
    """Parameters in billions from the model's widths, without norms and biases."""
    attention = model.attention
    if attention.kind == "mla":
        # DeepSeek's: queries through 1,536, keys and values through 512, heads of 128 with 64 rotary.
        each = model.hidden_size * (1536 + 576) + attention.heads * (
            1536 * 192 + 512 * 256 + 128 * model.hidden_size
        )
    else:
        width = attention.head_size * (2 * attention.heads + 2 * attention.kv_heads)
        each = model.hidden_size * width
    expert = model.experts
    feed = (
        3 * model.hidden_size * expert.intermediate_size * (expert.count + 1)
        if expert
        else 3 * model.hidden_size * model.intermediate_size
    )
    return (2 * model.vocabulary_size * model.hidden_size + model.layers * (each + feed)) / 1e9


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_widths_of_a_model_give_its_parameters(path):
    model = read_model(path)
    # Dense first layers, shared experts and states differ from model to model.
    assert parameters(model) == pytest.approx(model.parameters_billion, rel=0.06)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sentence_says_what_is_known_about_a_model_on_mi300x(path):
    model = read_model(path)
    assert model.recipe is not None
    assert model.recipe.path in model.standing
    assert model.verified == (
        model.standing.startswith("verified on MI300X") and "not verified" not in model.standing
    )


def test_a_model_that_is_served_by_a_fallback_is_not_verified():
    assert "through the Transformers library: not verified" in catalogue()["hunyuan-a13b"].standing
    assert "does not list MI300X" in catalogue()["qwen3-32b"].standing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_points_editors_at_the_schema(path):
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")


def test_the_schema_for_editors_is_current():
    kept = json.loads((FILES[0].parent / "schema.json").read_text(encoding="utf-8"))
    assert kept == model_schema(), "regenerate it: python -m serving.catalogue"


def test_the_catalogue_is_keyed_by_name_and_answers_none_for_others():
    assert set(catalogue()) >= {"qwen3-32b", "llama-3.3-70b", "gpt-oss-120b", "deepseek-r1"}
    assert find_model("qwen3-32b") is catalogue()["qwen3-32b"]
    assert find_model("qwen3-33b") is None


def test_revisions_that_could_not_be_verified_are_placeholders():
    assert all(is_placeholder(model.revision) or len(model.revision) == 40 for model in catalogue().values())


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"layrs": 4}, "layrs"),
        ({"layers": None}, "layers"),
        ({"layers": "61"}, "layers"),
        ({"layers": 0}, "layers"),
        ({"weightsGb": 0}, "weightsGb"),
        ({"weightType": "nvfp4"}, "weightType"),
        ({"tensorParallel": []}, "tensorParallel"),
        ({"tensorParallel": [8, 4]}, "must be in ascending order"),
        ({"tensorParallel": [3]}, "does not divide"),
        ({"attention": {**GOOD["attention"], "kvHeads": 2}}, "kvHeads must be 1 for mla"),
        ({"attention": {"kind": "gqa", "heads": 10, "kvHeads": 4, "headSize": 64}}, "multiple of kvHeads"),
        ({"repository": "no-owner"}, "repository"),
        ({"memoryUtilization": 1.2}, "memoryUtilization"),
        ({"environment": {"A": 1}}, "environment.A"),
        ({"window": {"layers": 61, "tokens": 128}}, "of the 61 layers, and must leave at least one"),
        ({"recipe": None}, "no recipe of vLLM marks it as verified"),
        ({"architecture": "HunYuanMoEV1ForCausalLM"}, "has no own code for HunYuanMoEV1ForCausalLM"),
        ({"activeBillion": 671}, "leave it out for a dense model"),
        ({"indexBytes": -1}, "indexBytes"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_place(write, changes, place):
    with pytest.raises(InvalidInput) as refused:
        read_model(write(**changes))
    assert place in str(refused.value)
    assert ".yaml" in str(refused.value)
    assert not re.search(r"Input|String|Tuple|Value error|Field|Extra", str(refused.value)), (
        "words of pydantic"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file: empty; must be a mapping"),
        ("- a", "the file: ['a']; must be a mapping"),
        ("layrs: 4", "layrs: unknown; is not a known key. Did you mean `layers`?"),
        ("name: x/y", "name: 'x/y'; must match "),
        ("tensorParallel: []", "tensorParallel: []; must have 1 or more items"),
        ("verified: yes", "verified: 'yes'; must be true or false. Write true"),
        ("weightType: bf6", "weightType: 'bf6'; must be one of "),
        (
            "attention: {kind: mla, heads: 8, kvHeads: 2, headSize: 4}",
            "attention: a mapping; kvHeads must be 1",
        ),
    ],
)
def test_a_wrong_file_is_described_in_the_words_of_the_settings(tmp_path, text, said):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_model(path)
    assert f"\n  {said}" in str(refused.value)


def test_a_file_is_named_after_its_model(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    with pytest.raises(InvalidInput, match="must be the file's name, other"):
        read_model(path)


def test_a_file_that_is_not_yaml_is_refused(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("name: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"line 1: .* is not closed"):
        read_model(path)
