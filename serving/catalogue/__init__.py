"""The models that this toolkit can serve: one YAML file per model, checked against `Model` when it is read."""

from .loader import add_models_from, catalogue, find_model, model_schema, read_model, use_models_from
from .model import Attention, Model, OptionValue

__all__ = [
    "Attention",
    "Model",
    "OptionValue",
    "add_models_from",
    "catalogue",
    "find_model",
    "model_schema",
    "read_model",
    "use_models_from",
]
