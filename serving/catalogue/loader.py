"""Reads the catalogue. A file that is wrong is refused with all its problems, as settings are."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from facts.engine_yaml import read_yaml
from facts.problem import InvalidInput, Problem

from .model import Model

FOLDER = Path(__file__).parent


@cache
def catalogue() -> Mapping[str, Model]:
    """All models by name."""
    models = (read_model(path) for path in sorted(FOLDER.glob("*.yaml")))
    return MappingProxyType({model.name: model for model in models})


def find_model(name: str) -> Model | None:
    """The model of this name, or None."""
    return catalogue().get(name)


def read_model(path: Path) -> Model:
    """The model that the file states; InvalidInput with every problem of the file otherwise."""
    content = read_yaml(path).value
    try:
        # By way of JSON mode, in which a YAML list may stand for a tuple although types are strict.
        model = Model.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise InvalidInput(_problems(error), path.name) from None
    if model.name != path.stem:
        problem = Problem("name", model.name, f"must be the file's name, {path.stem}")
        raise InvalidInput([problem], path.name)
    return model


def model_schema() -> dict[str, object]:
    """The JSON Schema of a catalogue file, for editors."""
    return Model.model_json_schema(by_alias=True)


def _problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(".".join(str(step) for step in found["loc"]), found["input"], found["msg"])
        for found in error.errors(include_url=False)
    ]
