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
def own_models() -> Mapping[str, Model]:
    """The models of this package by name."""
    models = (read_model(path) for path in sorted(FOLDER.glob("*.yaml")))
    return MappingProxyType({model.name: model for model in models})


_beside: dict[Path, Mapping[str, Model]] = {}
"""Models that stand beside the user's stack, by folder; what the user's program or settings named last."""


def catalogue() -> Mapping[str, Model]:
    """All models by name: this package's, then those beside the stack."""
    if not _beside:
        return own_models()
    return MappingProxyType(
        dict(own_models()) | {name: one for each in _beside.values() for name, one in each.items()}
    )


def only_beside(folder: Path | None, path: str) -> list[Problem]:
    """From here on the models of this folder stand beside the package's, and no others; problems at `path`."""
    _beside.clear()
    return [] if folder is None else also_beside(folder, path)


def also_beside(folder: Path, path: str) -> list[Problem]:
    """From here on the models of this folder count too. Problems at `path`: none there, or ill-formed ones."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        allowed = "must be a folder with a file a model" if folder.is_dir() else "is no folder"
        return [Problem(path, str(folder), f"{allowed}, such as those of serving/catalogue")]
    found, problems = dict[str, Model](), list[Problem]()
    for file in files:
        try:
            model = read_model(file)
        except InvalidInput as error:
            problems += [
                Problem(f"{path}/{file.name}: {each.path}", each.value, each.allowed, each.fix)
                for each in error.problems
            ]
            continue
        if model.name in own_models():
            problems.append(
                Problem(
                    f"{path}/{file.name}: name",
                    model.name,
                    "is a model of the catalogue already",
                    "Name it otherwise",
                )
            )
        found[model.name] = model
    _beside[folder] = MappingProxyType(found)
    return problems


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
