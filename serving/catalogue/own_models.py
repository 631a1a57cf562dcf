"""The user's own models: files beside the stack, in the format of this package's catalogue.

The tests of this package check its own files against the pinned vLLM. For a user's files, only this check does so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from facts.problem import InvalidInput, Problem
from facts.secrets import is_secret_name, secret_form
from facts.vllm import REASONING_PARSERS, TOOL_PARSERS
from serving.engine.environment import SECRET_VARIABLES, environment_problems
from serving.engine.memory.cache import kv_types
from serving.engine.options.arguments import HARMFUL, is_switch, option_problems
from serving.engine.options.given import dashed
from serving.engine.server_rules import revision_problems

from .loader import added_models, package_models, read_model, replace_added
from .model import Model

_ENDINGS = {".yaml", ".yml"}


def use_models_from(folder: Path | None, path: str) -> list[Problem]:
    """Use the models of this folder in addition to the package's, and no other folder. Returns problems at `path`."""
    replace_added({})
    return [] if folder is None else add_models_from(folder, path)


def add_models_from(folder: Path, path: str) -> list[Problem]:
    """Also use the models of this folder. Returns problems at `path`: no models there, or invalid ones.

    A value that the engine would refuse is a problem too, at `path`/<file>: <key of the file>.
    """
    try:
        is_folder = folder.is_dir()
        files = sorted(folder.glob("*.yaml")) if is_folder else []
        others = [each for each in folder.iterdir() if each.suffix.lower() in _ENDINGS] if is_folder else []
    except OSError as error:
        return [Problem(path, f"{str(folder)[:80]}…", f"cannot be read: {error.strerror}")]
    unread = [
        Problem(f"{path}/{each.name}", each.suffix, "is not read", f"Call the file {each.stem}.yaml")
        for each in sorted(set(others) - set(files))
    ]
    if not files and not unread:
        allowed = "must be a folder with one file per model" if is_folder else "is not a folder"
        return [Problem(path, str(folder), f"{allowed}, such as those of serving/catalogue")]
    found, problems = dict[str, Model](), unread
    for file in files:
        place = f"{path}/{file.name}: "
        try:
            model = read_model(file)
        except InvalidInput as error:
            problems += _in_file(error.problems, place)
            continue
        problems += _in_file((*_taken_name(model), *_engine_problems(model)), place)
        found[model.name] = _plannable(model)
    replace_added({**added_models(), folder: MappingProxyType(found)})
    return problems


def _taken_name(model: Model) -> Iterator[Problem]:
    if model.name in package_models():
        yield Problem("name", model.name, "is already a model of the catalogue", "Choose another name")


def _plannable(model: Model) -> Model:
    """The model without a cache type that cannot be planned, so that the other rules can run."""
    known = model.kv_cache_type in (None, *kv_types(model))
    return model if known else model.model_copy(update={"kv_cache_type": None})


def _engine_problems(model: Model) -> Iterator[Problem]:
    """The problems that `engine_problems` finds in the same values of a stack file."""
    yield from revision_problems(model.revision, "revision")
    yield from option_problems(model.options, "options")
    yield from environment_problems(model.environment, "environment")
    yield from _parser_problems(model)
    if model.kv_cache_type is not None and model.kv_cache_type not in kv_types(model):
        yield Problem.not_one_of("kvCacheType", model.kv_cache_type, kv_types(model))
    yield from _secret_problems(model)


def _parser_problems(model: Model) -> Iterator[Problem]:
    for key, word, known in (
        ("reasoningParser", model.reasoning_parser, REASONING_PARSERS),
        ("toolParser", model.tool_parser, TOOL_PARSERS),
    ):
        if word is not None and word not in known:
            yield Problem.not_one_of(key, word, known, "is not a parser of vLLM", otherwise="Leave it out")


def _secret_problems(model: Model) -> Iterator[Problem]:
    """Values that look like secrets. Everyone with access to the repository or to the pod can read the file."""
    values = [(f"options.{name}", dashed(name), value) for name, value in model.options.items()]
    values += [(f"environment.{name}", name, value) for name, value in model.environment.items()]
    for place, name, value in values:
        if name in HARMFUL or name in SECRET_VARIABLES or is_switch(value):
            continue  # already refused by its name, or no place for a secret
        if value and (is_secret_name(name) or secret_form(str(value))):
            yield Problem(
                place, "[hidden]", "must not contain a secret", "Remove it, and revoke the old secret"
            )


def _in_file(problems: Iterable[Problem], place: str) -> list[Problem]:
    return [replace(each, path=f"{place}{each.path}") for each in problems]
