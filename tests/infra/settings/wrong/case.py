"""A wrong configuration, and the problem that it must cause."""

from typing import NamedTuple

from infra.settings import examine
from tests.infra.settings.examples import Change, assert_named, config


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

    def assert_named(self) -> None:
        """Check that it causes the problem, and no other one unless it may."""
        assert_named(self.changes, self.path, self.message)
        if not self.others:
            paths = {each.path for each in examine(config(*self.changes), "test").problems}
            assert paths == {self.path}
