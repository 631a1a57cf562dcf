"""What `playground report` is about: the program, a state, or a preview of the engine."""

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import yaml

from facts.problem import InvalidInput, Problem
from facts.projects import PROJECT_FILE
from infra.project.stackfile import project_folder
from report.changes import changes_of
from report.costs.right_size import sized_names
from report.costs.tenants import tenants_of
from report.costs.usage_file import Known, read_usage
from report.engine_json import UnreadableError, digest_of, errors_of, export_of, is_of_a_refresh, other_stack
from report.impossible import impossible
from report.layers import in_order
from report.limits.account import read_limits
from report.model_speeds import ModelSpeed, from_outputs
from report.moments import after_of, before_of, new_outputs, with_drift
from report.pool_limits import pool_limits
from report.resources import Resource, as_mapping, as_sequence, from_export, stack_outputs
from report.stack_sections import stack_sections
from report.view import View

from .common import price_list, progress, stack_file
from .offline import offline_resources
from .report_references import with_references

_LISTED = ("create", "update", "delete", "same", "replace")


def view_of(
    stack: str,
    preview: IO[str] | None,
    state: IO[str] | None,
    config_file: Path | None,
    only: Collection[str] = (),
    *,
    resolve: bool = False,
) -> tuple[View, str]:
    """The view, and words for where it comes from.

    `only`: the wanted sections; empty for all. Speeds of models that nothing says are predicted if a section shows
    them, because that takes time. `resolve`: whether to find what new resources refer to (`with_references`).

    Raises InvalidInput for a file that is not the engine's, or not this stack's.
    """
    sections = stack_sections(config_file or project_folder() / f"Pulumi.{stack}.yaml")
    view = View(
        stack=stack,
        prices=price_list(),
        after=(),
        pool_limits=pool_limits(sections, stack),
        own_quotas=_own_quotas(sections),
    )
    origin = "the state of the stack"
    if state is not None:
        existing = _existing(state, stack)
        view = replace(view, after=existing, before=existing, speeds=from_outputs(stack_outputs(existing)))
    if preview is not None:
        view, digest = _of_preview(view, preview, stack)
        view = with_references(view, digest, config_file, only) if resolve else view
        origin = "a preview of the engine"
    elif state is None:
        with progress(f"running the program of {stack}, without an engine"):
            resources = offline_resources(stack_file(stack, config_file), stack)
        view, origin = replace(view, after=resources), "the program, without an engine"
    if (not only or "models" in only) and view.speeds is None:
        view = replace(view, speeds=_speeds(stack, config_file))
    return view, origin


def _speeds(stack: str, config_file: Path | None) -> Sequence[ModelSpeed] | None:
    from .report_models import speeds_by_file  # noqa: PLC0415  it loads the settings, which nothing else here needs

    return speeds_by_file(stack, config_file)


def with_usage(view: View, file: IO[str]) -> View:
    """The view with a usage file. Raises InvalidInput with everything that is wrong in the file."""
    known = Known(
        stack=view.stack,
        tenants=tenants_of(view.after),
        resources=sized_names(view.after),
        now=datetime.now(UTC),
    )
    with readable("--usage", file):
        return replace(view, usage=read_usage(file.read(), file.name, known))


def with_limits(view: View, file: IO[str]) -> View:
    """The view with a file of limits. Raises InvalidInput with everything that is wrong in the file."""
    with readable("--limits", file):
        found = read_limits(file.read(), file.name, view.stack, datetime.now(UTC))
    return replace(view, account_limits=found)


def _own_quotas(sections: Mapping[str, object]) -> dict[str, int]:
    """The quotas that the stack file sets by name."""
    quotas = as_mapping(as_mapping(sections.get("governance")).get("quotas"))
    found = as_mapping(quotas.get("limits"))
    return {name: most for name, most in found.items() if isinstance(most, int)}


def _existing(file: IO[str], stack: str) -> list[Resource]:
    with readable("--state", file):
        resources = in_order(from_export(export_of(file.read())))
        _must_be_of(stack, resources)
    return resources


def _of_preview(view: View, file: IO[str], stack: str) -> tuple[View, Mapping[str, object]]:
    """The view of a preview, and the preview itself. What it does not list is taken from the state, if there is one."""
    with readable("--preview", file):
        digest = digest_of(file.read())
        if errors := errors_of(digest):
            raise UnreadableError(f"the preview failed, so a part of the stack is missing: {errors[0]}")
        steps = [as_mapping(each) for each in as_sequence(digest.get("steps"))]
        before = {each.urn: each for each in view.before or ()} | before_of(steps)
        after = after_of(steps, before)
        _must_be_of(stack, [*before.values(), *after.values()])
        _must_be_whole(digest, after)
    found = replace(
        view,
        after=in_order(after.values()),
        before=in_order(before.values()),
        changes=changes_of(digest),
        outside=is_of_a_refresh(digest),
        speeds=from_outputs(new_outputs(steps)),
    )
    return with_drift(found, digest), digest


def _must_be_of(stack: str, resources: Sequence[Resource]) -> None:
    """Raises UnreadableError if resources are of another stack or program, or have counts that no cloud has."""
    if wrong := impossible(resources):
        raise UnreadableError(f"{wrong}. Write the file again")
    project = as_mapping(yaml.safe_load((project_folder() / PROJECT_FILE).read_text(encoding="utf-8")))
    if wrong := other_stack([each.urn for each in resources], stack, str(project.get("name"))):
        raise UnreadableError(f"{wrong}. Give the file of this stack")


def _must_be_whole(digest: Mapping[str, object], after: Mapping[str, Resource]) -> None:
    """Raises UnreadableError if the engine counts unchanged resources that nothing lists."""
    counted = as_mapping(digest.get("changeSummary")).get("same")
    if isinstance(counted, int) and counted > len(after):
        raise UnreadableError(
            f"it does not list {counted - len(after)} or more of the {counted} unchanged resources. Give the state too "
            "(--state, from `stack export`), or the file of `preview --event-log`, which lists them"
        )


@contextmanager
def readable(option: str, file: IO[str]) -> Generator[None]:
    """A file that is not what the engine writes is a problem of its option."""
    try:
        yield
    except UnreadableError as error:
        raise InvalidInput([Problem(option, file.name, str(error))], option) from error
    except UnicodeDecodeError as error:
        raise InvalidInput([Problem(option, file.name, "must be text in UTF-8")], option) from error
