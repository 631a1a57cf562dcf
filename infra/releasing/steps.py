"""The next change of a release, as a change of the stack file's text."""

import difflib
import io
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from facts.problem import InvalidInput, Problem
from infra.project.stackfile import read_stack_file
from infra.settings import Settings, examine
from infra.settings.serving.surge_rules import surge_fits
from infra.settings.traffic.candidate_rules import STEPS

from .stack_text import NotEditableError, value_text, with_value, without

CANDIDATES = ("traffic", "candidates")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack file, as text and as settings."""

    file: Path
    text: str
    sections: Mapping[str, object]
    settings: Settings


@dataclass(frozen=True)
class Change:
    """A change of the stack file."""

    what: str
    """What it does, in words."""

    text: str
    """The text of the changed file."""

    sections: Mapping[str, object]
    """What the changed file must say."""


def next_weight(weight: int) -> int | None:
    """The step after a weight. None after the last one."""
    return next((step for step in STEPS if step > weight), None)


def promotion(old: Stack, name: str, wanted: int | None) -> Change:
    """The next step, or the step `wanted`; after the last step, the candidate becomes the model itself."""
    weight = old.settings.traffic.candidates[name].weight
    if wanted is not None and wanted <= weight:
        allowed = f"must be above the weight of the candidate now, {weight}"
        raise InvalidInput([Problem("--weight", wanted, allowed, "`abort` sends all requests back")])
    step = next_weight(weight) if wanted is None else wanted
    if step is not None:
        return _weighted(old, name, step, f"{step} % of the requests go to the candidate")
    _refuse_no_engines(old, name)
    what = "the model becomes what the candidate is, and the candidate ends: a rollback then needs its own release"
    added = _no_surge(old, name)
    if added:
        what += ". `spareGpus: false` lets engines start one after the other, because the candidate has the free GPUs"
    return Change(what, _finished(old, name, added), _ended(old.sections, name, added))


def abortion(old: Stack, name: str) -> Change:
    """All requests go back to the model's own engines; if they do already, the candidate ends."""
    if old.settings.traffic.candidates[name].weight:
        _refuse_no_engines(old, name)
        what = "all requests go back to the model's own engines. The candidate stays, without requests"
        return _weighted(old, name, 0, what)
    what = "the candidate ends: its engines stop, and its weights leave the nodes"
    text = without(old.text, (*CANDIDATES, name))
    return Change(what, text, _ended(old.sections, name, None))


def _refuse_no_engines(old: Stack, name: str) -> None:
    """A change after which all requests would go to a model without engines. Raises InvalidInput."""
    for index, model in enumerate(old.settings.serving.models):
        if model.name == name and not model.replicas:
            allowed = "must be 1 or more: after this change all requests would go to the model's own engines"
            fix = "Raise it, run `pulumi up`, and try again"
            raise InvalidInput([Problem(f"serving.models[{index}].replicas", 0, allowed, fix)])


def difference(old: str, new: str, file: str) -> str:
    """A unified diff, which git and patch can apply."""
    # Only \n ends a line there: str.splitlines knows other line ends too.
    before, after = (io.StringIO(text, newline="\n").readlines() for text in (old, new))
    lines = difflib.unified_diff(before, after, f"a/{file}", f"b/{file}")
    return "".join(each if each.endswith("\n") else f"{each}\n{NO_LINE_END}\n" for each in lines)


NO_LINE_END = "\\ No newline at end of file"
"""What git and patch expect after a last line without a line end."""


def check_change(change: Change, old: Stack) -> None:
    """Reads the changed text as the engine does. Raises NotEditableError if it does not say what it must, InvalidInput
    if the settings would have problems."""
    stack = old.settings.environment
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{stack}.yaml"
        file.write_bytes(change.text.encode())
        found = read_stack_file(stack, file)
    if found.sections != change.sections or change.text == old.text:
        raise NotEditableError("the file has a form that cannot be changed here")
    wrong = examine(found.sections, stack, encrypted=found.encrypted, beside=found.problems).problems
    if wrong:
        raise InvalidInput(wrong, f"the settings after the change: {change.what}")


def _no_surge(old: Stack, name: str) -> Mapping[str, bool]:
    """Keys of the model for the last step. The candidate's engines end last, so the model's engines cannot use their
    GPUs to start one more first."""
    settings = old.settings
    model = next(each for each in settings.serving.models if each.name == name)
    fits = surge_fits(settings.gpu, settings.serving, settings.traffic, model)
    return {} if fits or model.spare_gpus is not None else {"spareGpus": False}


def _ended(
    sections: Mapping[str, object], name: str, added: Mapping[str, bool] | None
) -> Mapping[str, object]:
    """The sections without the candidate. With `added`, it is promoted: its keys, and these, are then the model's."""
    changed = _copy(sections)
    candidates = changed["traffic"]["candidates"]
    wanted = candidates.pop(name)
    if not candidates:
        del changed["traffic"]["candidates"]
    if added is not None:
        model = next(each for each in changed["serving"]["models"] if each["name"] == name)
        model |= {**added, **{key: value for key, value in wanted.items() if key not in KEPT}}
        if "model" in wanted and "revision" not in wanted:
            model.pop("revision", None)
    return changed


KEPT = ("weight", "replicas")
"""Keys of a candidate that the model does not take over: it has a number of engines of its own."""


def _copy(sections: Mapping[str, object]) -> dict[str, Any]:
    return deepcopy(cast("dict[str, Any]", dict(sections)))


def _weighted(old: Stack, name: str, weight: int, what: str) -> Change:
    changed = _copy(old.sections)
    changed["traffic"]["candidates"][name]["weight"] = weight
    return Change(what, with_value(old.text, (*CANDIDATES, name, "weight"), str(weight)), changed)


def _finished(old: Stack, name: str, added: Mapping[str, bool]) -> str:
    text, settings = old.text, old.settings
    number = next(index for index, model in enumerate(settings.serving.models) if model.name == name)
    model, own = ("serving", "models", number), (*CANDIDATES, name)
    for key, value in added.items():
        text = with_value(text, (*model, key), str(value).lower())
    wanted = settings.traffic.candidates[name].model_dump(by_alias=True, exclude_unset=True)
    for key in wanted:
        if key not in KEPT:
            text = with_value(text, (*model, key), value_text(text, (*own, key)))
    if "model" in wanted and "revision" not in wanted:
        text = without(text, (*model, "revision"))
    return without(text, own)
