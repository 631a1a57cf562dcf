"""The user's own models: files beside the stack, in the format of this package's catalogue."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from facts.problem import InvalidInput, Problem

from .loader import added_models, package_models, read_model, replace_added
from .model import Model


def use_models_from(folder: Path | None, path: str) -> list[Problem]:
    """Use the models of this folder in addition to the package's, and no other folder. Returns problems at `path`."""
    replace_added({})
    return [] if folder is None else add_models_from(folder, path)


def add_models_from(folder: Path, path: str) -> list[Problem]:
    """Also use the models of this folder. Returns problems at `path`: no models there, or invalid ones."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        allowed = "must be a folder with one file per model" if folder.is_dir() else "is not a folder"
        return [Problem(path, str(folder), f"{allowed}, such as those of serving/catalogue")]
    found, problems = dict[str, Model](), list[Problem]()
    for file in files:
        place = f"{path}/{file.name}: "
        try:
            model = read_model(file)
        except InvalidInput as error:
            problems += _in_file(error.problems, place)
            continue
        problems += _in_file(_taken_name(model), place)
        found[model.name] = model
    replace_added({**added_models(), folder: MappingProxyType(found)})
    return problems


def _taken_name(model: Model) -> Iterator[Problem]:
    if model.name in package_models():
        yield Problem("name", model.name, "is already a model of the catalogue", "Choose another name")


def _in_file(problems: Iterable[Problem], place: str) -> list[Problem]:
    return [replace(each, path=f"{place}{each.path}") for each in problems]
