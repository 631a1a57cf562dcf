"""Dates without quotes. The engine passes them in Go's format for times, and a tag would get that text."""

import re
from collections.abc import Iterator, Mapping

from facts.problem import Problem

from .secrets import leaves

_OF_THE_ENGINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} (UTC|[+-]\d{4})", re.ASCII)


def date_problems(config: Mapping[str, object]) -> Iterator[Problem]:
    """Values in the format that the engine gives to unquoted dates."""
    for section, content in config.items():
        for path, _, value in leaves(section, content):
            if isinstance(value, str) and _OF_THE_ENGINE.fullmatch(value):
                yield Problem(
                    path, str(value), "is a date that the engine has converted", "Put the date in quotes"
                )
