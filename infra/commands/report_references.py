"""What a preview's unknown references mean, from a run of the program without an engine."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from facts.problem import InvalidInput
from facts.projects import NoProjectError
from infra.project.stackfile import StackFile, read_stack_file
from infra.settings.reading.prefixes import sections_in
from infra.settings.values.secrets import ENCRYPTED
from report.engine_json import dependencies_of
from report.layers import in_order
from report.reach_unknown import unknown_of
from report.references import resolved
from report.resources import SECRET, as_mapping, as_sequence
from report.view import View
from report.wording import some

from .common import progress
from .offline import recorded_resources

READERS = frozenset({"reach", "architecture"})
"""Sections that need to know which resource a value refers to."""

_OCID = re.compile(r"ocid1\.[A-Za-z0-9._-]+")
_REMAINING = "the cloud decides it, or the preview is of another program or commit"


def with_references(
    view: View, digest: Mapping[str, object], config_file: Path | None, only: Collection[str]
) -> View:
    """The view of a preview with the network's references to new resources.

    It runs the program, which takes seconds. So it does nothing if the preview knows the whole network, or if no
    section reads it. A run with other settings would not say what the preview refers to.
    """
    if not unknown_of(view.after) or (only and not READERS & {*only}):
        return replace(view, unresolved="")
    try:
        file = read_stack_file(view.stack, config_file)
    except (InvalidInput, NoProjectError):
        return replace(view, unresolved="the stack file cannot be read, so the program was not run")
    if other := _other_sections(digest, file):
        why = f"the preview is of other settings than {file.name}, so the program was not run: {some(other)}"
        return replace(view, unresolved=why)
    return _resolved(view, digest, file)


def _resolved(view: View, digest: Mapping[str, object], file: StackFile) -> View:
    import pulumi  # noqa: PLC0415  it takes time, and most previews need no run

    try:
        with progress(f"running the program of {view.stack}, to find what new resources refer to"):
            run = recorded_resources(file, view.stack)
    except (pulumi.RunError, InvalidInput) as error:
        told = str(error).strip().partition("\n")[0]
        return replace(view, unresolved=f"the program does not run without an engine: {told}")
    settings = {*_OCID.findall(json.dumps(file.sections, default=str))}
    after = in_order(resolved(view.after, run, dependencies_of(digest), settings))
    return replace(view, after=after, unresolved=_REMAINING)


def _other_sections(digest: Mapping[str, object], file: StackFile) -> list[str]:
    """The sections that differ between the preview and the stack file, encrypted values aside."""
    config = {key: _parsed(value) for key, value in as_mapping(digest.get("config")).items()}
    previewed, _ = sections_in(config)
    written = {key: _parsed(value) for key, value in file.sections.items()}
    return [key for key in sorted({*previewed, *written}) if not _same(previewed.get(key), written.get(key))]


def _parsed(value: object) -> object:
    """The engine writes sections as JSON text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _same(one: object, other: object) -> bool:
    if SECRET in (one, other) or ENCRYPTED in (one, other):
        return True
    ones, others = as_mapping(one), as_mapping(other)
    items, there = as_sequence(one), as_sequence(other)
    if ones:
        return ones.keys() == others.keys() and all(_same(ones[each], others[each]) for each in ones)
    if items:
        return len(items) == len(there) and all(map(_same, items, there))
    return one == other
