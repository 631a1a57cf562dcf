"""Following "How to add a model" adds a model. A command reports each missing step."""

from pathlib import Path

import pytest

from tests.contributing.dry_run import DryRun

pytestmark = pytest.mark.prove

MODEL = """# yaml-language-server: $schema=schema.json
name: qwen3-8b
repository: Qwen/Qwen3-8B
revision: REPLACE-ME
licence: Apache-2.0
gated: false
architecture: Qwen3ForCausalLM
parametersBillion: 8.19
weightsGb: 16.4
weightsKnown: computed
weightType: bf16
layers: 36
hiddenSize: 4096
intermediateSize: 12288
vocabularySize: 151936
attention:
  kind: gqa
  heads: 32
  kvHeads: 8
  headSize: 128
maxContext: 40960
tensorParallel: [1, 2, 4, 8]
reasoningParser: qwen3
toolParser: hermes
recipe:
  path: models/Qwen/Qwen3-8B.yaml
  mi300x: not listed
verified: false
source:
  - "vllm-project/recipes: models/Qwen/Qwen3-8B.yaml"
  - "Hugging Face: Qwen/Qwen3-8B, config.json"
notes: A sample.
"""

FILE = "serving/catalogue/qwen3-8b.yaml"
SOUND = ".venv/bin/python -m pytest tests/serving/test_catalogue.py -k qwen3-8b"
OFFERED = ".venv/bin/playground schema --check"


def test_following_the_page_adds_a_model_and_each_missing_step_is_reported(tmp_path: Path):
    copy = DryRun.of("How to add a model", tmp_path)
    copy.fails(".venv/bin/playground plan qwen3-8b")
    copy.write(FILE, MODEL.replace("weightsGb: 16.4", "weightsGb: 8.2"))
    assert "test_the_size_of_weights" in copy.fails(SOUND)
    copy.edit(FILE, "weightsGb: 8.2", "weightsGb: 16.4")
    copy.passes(SOUND)
    assert "Qwen/Qwen3-8B" in copy.passes(".venv/bin/playground plan qwen3-8b")

    assert "docs/schema/stack.schema.json is not current" in copy.fails(OFFERED)
    copy.passes("make docs")
    copy.passes(OFFERED)
    assert '"qwen3-8b"' in copy.read("docs/schema/stack.schema.json")
