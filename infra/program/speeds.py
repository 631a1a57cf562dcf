"""The predicted speeds of a stack's models, for the report, which does not know the serving folder."""

from dataclasses import asdict

from facts.shapes import find_shape
from infra.settings import Settings
from infra.settings.traffic.candidates import with_candidates
from report.model_speeds import Between, ModelSpeed, Speed
from serving.catalogue.loader import find_model
from serving.engine.memory.plan import plan_memory
from serving.engine.request import PlanRequest
from serving.throughput.predict import Prediction, Unknown
from serving.throughput.reference import REFERENCE, load_words, reference_speed


def model_speeds(settings: Settings) -> list[ModelSpeed]:
    """The speed of each model and candidate."""
    shapes = {pool.name: find_shape(pool.shape) for pool in settings.gpu.pools}
    found: list[ModelSpeed] = []
    for wanted in with_candidates(settings.serving, settings.traffic.candidates).models:
        model, shape = find_model(wanted.model), shapes.get(wanted.pool)
        if model is None or shape is None:
            continue
        request = PlanRequest(model, shape, wanted.engine)
        layout = plan_memory(request).layout
        said = reference_speed(request, layout.tensor_parallel)
        found.append(
            ModelSpeed(
                name=wanted.name,
                model=wanted.model,
                pool=wanted.pool,
                shape=shape.name,
                engines=wanted.replicas,
                gpus=layout.gpus,
                context_tokens=request.context_tokens,
                load=load_words(REFERENCE),
                speed=None if isinstance(said, Unknown) else _speed(said),
                unknown=said.reasons if isinstance(said, Unknown) else (),
            )
        )
    return found


def _speed(found: Prediction) -> Speed:
    tps, first, between = (
        Between(**asdict(each)) for each in (found.output_tps, found.ttft_seconds, found.itl_seconds)
    )
    return Speed(output_tps=tps, ttft_seconds=first, itl_seconds=between, running=found.running)
