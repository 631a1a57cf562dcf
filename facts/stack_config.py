"""The `config` of a stack file, as the engine reads it."""

from collections.abc import Mapping
from typing import cast

from facts.problem import InvalidInput, Problem


def config_in(content: object, name: str) -> Mapping[str, object]:
    """The entries of `config` in a parsed stack file; empty if there are none.

    Raises InvalidInput, which calls the file `name`, for a file or a `config` of another form.
    """
    return _mapping(
        _mapping(content, name, "with the key `config`", name).get("config"), "config", "of sections", name
    )


def _mapping(value: object, path: str, of: str, name: str) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        kind = "a list" if isinstance(value, list) else "a single value"
        raise InvalidInput([Problem(path, kind, f"must be a mapping {of}")], name)
    return cast(Mapping[str, object], value)
