"""The settings of a stack for commands, with what other stacks of the project forbid."""

from pathlib import Path

from facts.problem import InvalidInput
from infra.project.other_stacks import other_stack_problems
from infra.settings import Findings, Settings, examine

from .common import stack_file


def findings(stack: str, path: Path | None = None) -> Findings:
    """All problems and placeholders of a stack's settings."""
    try:
        file = stack_file(stack, path)
    except InvalidInput as error:
        return Findings(problems=list(error.problems))
    beside = [*file.problems, *(() if path else other_stack_problems(stack, file.sections))]
    return examine(file.sections, stack, encrypted=file.encrypted, beside=beside)


def settings_or_exit(stack: str, path: Path | None = None) -> Settings:
    """The settings of a stack. Raises InvalidInput with all of their problems."""
    found = findings(stack, path)
    if found.problems or found.settings is None:
        raise InvalidInput(found.problems, f"the settings of {stack}")
    return found.settings
