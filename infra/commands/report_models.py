"""The speeds of a stack's models, for a report on engine JSON that does not have them."""

from collections.abc import Sequence
from pathlib import Path

from facts.problem import InvalidInput
from infra.program.speeds import model_speeds
from infra.project.stackfile import read_stack_file
from infra.settings import examine
from report.model_speeds import ModelSpeed


def speeds_by_file(stack: str, config_file: Path | None) -> Sequence[ModelSpeed] | None:
    """The speed of each model and candidate. None if there is no stack file, or it has problems."""
    try:
        file = read_stack_file(stack, config_file)
    except InvalidInput:
        return None
    settings = examine(file.sections, stack, encrypted=file.encrypted, beside=file.problems).settings
    return None if settings is None else model_speeds(settings)
