"""A wrong configuration, and the problem that it must cause."""

from typing import NamedTuple

from tests.infra.settings.examples import Change


class Wrong(NamedTuple):
    """A mistake."""

    name: str
    """The mistake, in words."""

    changes: list[Change]
    """Changes to the valid configuration of `tests.infra.settings.examples`."""

    path: str
    """Path of the problem."""

    message: str
    """Part of its message."""

    others: bool = False
    """Whether it also causes problems at other paths."""
