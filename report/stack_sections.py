"""The sections of a stack file as they stand: for what a report takes from it. Nothing is checked here."""

from collections.abc import Mapping
from pathlib import Path

from facts.engine_yaml import read_yaml
from facts.problem import InvalidInput
from report.resources import as_mapping


def stack_sections(file: Path) -> Mapping[str, object]:
    """The sections by name, without the name of the project; none if the file cannot be read."""
    try:
        content = as_mapping(read_yaml(file).value)
    except InvalidInput:
        return {}
    return {key.rpartition(":")[2]: value for key, value in as_mapping(content.get("config")).items()}
