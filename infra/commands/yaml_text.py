"""Objects as YAML for people and for review: keys in the given order, scripts as the lines that they are."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

NEVER = 1_000_000
"""A width that nothing reaches: where a long line is folded differs from one emitter to the other."""

if TYPE_CHECKING or not yaml.__with_libyaml__:
    from yaml import SafeDumper
else:
    # libyaml's emitter takes an eighth of the other's time.
    from yaml import CSafeDumper as SafeDumper


class _Dumper(SafeDumper):
    """With a representer of its own, which the base must not get."""


def _text(dumper: SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore


_Dumper.add_representer(str, _text)


def as_yaml(body: Mapping[str, object]) -> str:
    """One document."""
    return yaml.dump(dict(body), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=NEVER)
