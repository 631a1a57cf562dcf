"""GPU memory of graphs and encoders, by the options."""

import pytest

from facts.shapes import MI300X
from serving.catalogue import catalogue
from serving.engine.choices import EngineChoices
from serving.engine.memory.allocations import graph_count
from serving.engine.memory.plan import plan_memory
from serving.engine.options.demands import engine_demands
from serving.engine.request import PlanRequest


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({"compilation-config": '{"cudagraph_capture_sizes": [1, 2, 4, 4]}'}, 3),
        ({"cc.cudagraph_capture_sizes": "[1, 2]"}, 2),
        ({"cudagraph-capture-sizes": "64"}, 1),
        ({"compilation-config": '{"max_cudagraph_capture_size": 4}'}, 3),
        ({"max-cudagraph-capture-size": "4"}, 3),
        ({"compilation-config": '{"cudagraph_mode": "NONE"}'}, 0),
        ({"max-cudagraph-capture-size": "2048", "max-num-batched-tokens": "16", "max-num-seqs": "8"}, 5),
        ({"compilation-config": '{"max_cudagraph_capture_size": 999999999999999999}'}, 1043),
    ],
)
def test_listed_graphs_are_counted(options, count):
    assert (
        graph_count(engine_demands(catalogue()["qwen3-32b"], EngineChoices(engine_options=options))) == count
    )


def test_an_encoders_output_for_images_is_kept_for_a_whole_batch():
    def encoder(batch: str) -> float:
        options = {"language-model-only": "false", "max-num-batched-tokens": batch}
        model = catalogue()["kimi-k2.5"]
        uses = plan_memory(PlanRequest(model, MI300X, EngineChoices(engine_options=options))).uses
        return next(use.gib for use in uses if use.name == "vision encoder")

    assert encoder("262144") > encoder("16384") + 1
