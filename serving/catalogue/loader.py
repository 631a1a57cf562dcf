"""Reads the catalogue. A wrong file is refused with all its problems, as settings are."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from facts.engine_yaml import read_yaml
from facts.problem import InvalidInput, Problem
from facts.pydantic_words import problems_of

from .model import Model

FOLDER = Path(__file__).parent


@cache
def package_models() -> Mapping[str, Model]:
    """The models of this package by name."""
    models = (read_model(path) for path in sorted(FOLDER.glob("*.yaml")))
    return MappingProxyType({model.name: model for model in models})


_added: dict[Path, Mapping[str, Model]] = {}
"""The user's own models by folder, as the program or the settings last named them."""


def catalogue() -> Mapping[str, Model]:
    """All models by name: this package's, then the user's own."""
    if not _added:
        return package_models()
    return MappingProxyType(
        dict(package_models()) | {name: one for each in _added.values() for name, one in each.items()}
    )


def replace_added(models: Mapping[Path, Mapping[str, Model]]) -> None:
    """Use the user's models of these folders, and no others."""
    _added.clear()
    _added.update(models)


def added_models() -> Mapping[Path, Mapping[str, Model]]:
    """The user's own models by folder."""
    return MappingProxyType(_added)


def find_model(name: str) -> Model | None:
    """The model of this name, or None."""
    return catalogue().get(name)


def read_model(path: Path) -> Model:
    """The model of a file. Raises InvalidInput with every problem of the file."""
    content = read_yaml(path).value
    try:
        # JSON mode accepts a YAML list for a tuple although types are strict.
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
    """The problems in the words of the settings. The path of the first key has no section in front."""
    found = problems_of("", Model, error)
    return [replace(each, path=each.path.removeprefix(".") or "the file") for each in found]
