"""The folder of a benchmark's results, which may be in the bucket of the weights but never among them."""

import pytest

from infra.settings import examine
from infra.settings.platform.rules import WEIGHTS_FOLDER
from serving.weights.node.manifest import ModelId
from tests.infra.settings.examples import Change, assert_named, config

DIGEST = "sha256:" + "0" * 64
WEIGHTS: Change = ("serving.weights", {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST})


def benchmark(prefix: str) -> Change:
    choices = {"bucket": "model-artifacts", "rcloneImageDigest": DIGEST, "prefix": prefix}
    return "serving.jobs.benchmark", choices


@pytest.mark.parametrize("prefix", ["models", "Models/qwen3-32b", "MODELS/results"])
def test_results_among_the_weights_are_refused(prefix: str):
    message = "the folder of the weights: benchmarks may overwrite objects"
    assert_named([benchmark(prefix), WEIGHTS], "serving.jobs.benchmark.prefix", message)


@pytest.mark.parametrize("prefix", ["benchmarks", "models-measured", "results/models"])
def test_results_beside_the_weights_are_accepted(prefix: str):
    assert examine(config(benchmark(prefix), WEIGHTS), "test").problems == []


def test_the_folder_of_the_weights_is_that_of_the_importer():
    assert ModelId("qwen3-32b", "0" * 40).prefix.partition("/")[0] == WEIGHTS_FOLDER
