"""The models of the measurements: those of the catalogue, and others whose figures are beside this file."""

from functools import cache
from pathlib import Path

from facts.shapes import MI300X
from facts.throughput.figures import Measurement
from serving.catalogue.loader import package_models, read_model
from serving.catalogue.model import Model

from .work import Engine, Family, family_of

FOLDER = Path(__file__).parent / "models"


@cache
def measured_model(name: str) -> Model | None:
    """The model of this name, or None: then its measurements cannot be compared."""
    path = FOLDER / f"{name}.yaml"
    return read_model(path) if path.is_file() else package_models().get(name)


@cache
def _engine(model: str, gpus: int, cache_type: str, eager: bool, served: bool) -> Engine | None:
    found = measured_model(model)
    if found is None:
        return None
    return Engine(model=found, shape=MI300X, gpus=gpus, cache=cache_type, eager=eager, served=served)


def measured_engine(figure: Measurement) -> Engine | None:
    """The engine of a measurement, or None if its model is unknown."""
    return _engine(figure.model, figure.gpus, figure.cache, figure.eager, figure.kind == "online")


def family_of_figure(figure: Measurement) -> Family:
    """The family of its model, which must be known."""
    engine = measured_engine(figure)
    if engine is None:
        raise ValueError(f"{figure.model} is not a known model")
    return family_of(engine.model)
