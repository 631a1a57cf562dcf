"""A wrong configuration, and how it must be named."""

from typing import NamedTuple

from tests.infra.settings.examples import Change


class Wrong(NamedTuple):
    """One mistake."""

    name: str
    """What is wrong, in words."""

    changes: list[Change]
    """What spoils the right configuration of `tests.infra.settings.examples`."""

    path: str
    """Where the settings say it is."""

    message: str
    """Part of what they say of it."""

    others: bool = False
    """Whether it brings problems at other paths with it."""
