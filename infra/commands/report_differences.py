"""The report with OTHER or --before: what differs between two stacks or two moments."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from facts.problem import InvalidInput, Problem
from infra.project.revisions import Revision, at_revision
from infra.project.stackfile import StackFile, project_folder, read_stack_file
from infra.settings.values.secrets import ENCRYPTED
from report.differences.sides import Side, Sides
from report.document.model import Document
from report.sections.differences import DIFFERENCES

from .common import needs_stack_file, price_list, progress, stack_file
from .offline import offline_resources
from .refusal import RefusedError, fail

NOW = "now"


def is_comparison(other: str | None, before: str | None, only: Sequence[str], *, alone: bool) -> bool:
    """Whether two sides are compared. Raises click.UsageError for words that do not go together.

    `alone`: whether there is an option that is only for the report of one stack.
    """
    if other is not None and before is not None:
        raise click.UsageError("OTHER and --before exclude each other: compare two stacks, or two moments")
    compares = other is not None or before is not None
    if compares and alone:
        raise click.UsageError(
            "--preview, --state, --usage, --limits and --fail-on are for one stack. Remove OTHER and --before"
        )
    for key in only:
        if (key in DIFFERENCES) != compares:
            needed = "is a section of one stack" if compares else "needs OTHER or --before"
            raise click.UsageError(f"--only {key} {needed}")
    return compares


def differences(
    stack: str, other: str | None, before: str | None, config_file: Path | None, only: Sequence[str]
) -> Document:
    """The document of what differs. Raises InvalidInput and the errors of click."""
    prices = price_list()
    if before is not None:
        first, second, origin = _moments(stack, before, config_file)
    else:
        first, second, origin = _stacks(stack, str(other), config_file)
    sides = Sides(first=first, second=second, prices=prices)
    return Document(
        stack=stack,
        origin=origin,
        currency=prices.currency,
        sections=[make(sides) for key, make in DIFFERENCES.items() if not only or key in only],
    )


def _stacks(stack: str, other: str, config_file: Path | None) -> tuple[Side, Side, str]:
    if config_file is not None:
        raise click.UsageError("--config-file is for one stack. Remove it, or remove OTHER")
    if other == stack:
        raise click.UsageError(f"OTHER is STACK: {stack}. Name another stack, or a revision with --before")
    files = [(stack, stack_file(stack))]
    with needs_stack_file("OTHER"):
        files.append((other, read_stack_file(other)))
    first, second = (_side(name, name, file) for name, file in files)
    return first, second, f"the program, without an engine: {stack} and {other}"


def _side(label: str, stack: str, file: StackFile) -> Side:
    with progress(f"running the program of {label}, without an engine"):
        try:
            resources = offline_resources(file, stack)
        except (InvalidInput, RefusedError) as error:
            fail(f"{file.name}: {error}", error.problems)
    return Side(label=label, stack=stack, settings=file.sections, hidden=ENCRYPTED, resources=resources)


def _moments(stack: str, before: str, config_file: Path | None) -> tuple[Side, Side, str]:
    file, project = stack_file(stack, config_file), project_folder()
    path = (config_file or project / f"Pulumi.{stack}.yaml").resolve()
    if not path.is_relative_to(project.resolve()):
        place = Problem("--config-file", str(config_file), f"must be in the project {project}, for --before")
        raise InvalidInput([place], "the command")
    with at_revision(project, before, "--before") as revision:
        first, program = _older(stack, revision, path.relative_to(project.resolve()))
    if not program:
        origin = f"the settings of {revision.commit} and of now, both with the program of now"
    else:
        origin = f"settings and program of {revision.commit}, and of now"
    return first, _side(NOW, stack, file), f"{origin}; without an engine"


def _older(stack: str, revision: Revision, name: Path) -> tuple[Side, bool]:
    """The side of a revision, and whether its own program was run."""
    from infra.offline.older import has_program, run_older  # noqa: PLC0415  SDKs take half a second

    path = revision.folder / name
    if not path.is_file():
        missing = Problem("--before", revision.name, f"has no file {name}", "Name a later revision")
        raise InvalidInput([missing], "the command")
    if not has_program(revision):
        with _said_of(revision):
            return _side(revision.name, stack, read_stack_file(stack, path)), False
    with progress(f"running the program of {revision.name}, without an engine"), _said_of(revision):
        found = run_older(revision, stack, path)
    side = Side(
        label=revision.name,
        stack=stack,
        settings=found.settings,
        hidden=ENCRYPTED,
        resources=found.resources,
    )
    return side, True


@contextmanager
def _said_of(revision: Revision) -> Generator[None]:
    """A refusal names the revision."""
    from infra.offline.older import OlderProgramError  # noqa: PLC0415

    try:
        yield
    except (InvalidInput, RefusedError) as error:
        fail(f"--before {revision.name}: {error}", error.problems)
    except OlderProgramError as error:
        program = f"the program of {revision.commit} refuses or cannot be run"
        fail(f"--before {revision.name}: {program}: {error}. Name another revision")
