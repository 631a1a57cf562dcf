"""Dates without quotes: the engine passes them on as Go writes times, and a tag would carry that in silence."""

import re
from collections.abc import Iterator, Mapping

from facts.problem import Problem

from .secrets import leaves

_OF_THE_ENGINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} (UTC|[+-]\d{4})", re.ASCII)


def date_problems(config: Mapping[str, object]) -> Iterator[Problem]:
    """Values that were dates: nobody writes a time in this form himself."""
    for section, content in config.items():
        for path, _, value in leaves(section, content):
            if isinstance(value, str) and _OF_THE_ENGINE.fullmatch(value):
                yield Problem(
                    path, str(value), "is what the engine makes of a date", "Put the date in quotes"
                )
