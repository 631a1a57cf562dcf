"""The models that this toolkit can serve: one YAML file per model, checked against `Model` when it is read."""

from .loader import catalogue, find_model, model_schema, read_model
from .model import Attention, Model, OptionValue

__all__ = [
    "Attention",
    "Model",
    "OptionValue",
    "catalogue",
    "find_model",
    "model_schema",
    "read_model",
]
