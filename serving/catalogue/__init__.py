"""The models that this toolkit can serve: one YAML file per model, checked against `Model` when it is read."""

from .loader import also_beside, catalogue, find_model, model_schema, only_beside, read_model
from .model import Attention, Model, OptionValue

__all__ = [
    "Attention",
    "Model",
    "OptionValue",
    "also_beside",
    "catalogue",
    "find_model",
    "model_schema",
    "only_beside",
    "read_model",
]
