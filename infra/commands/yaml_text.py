"""Objects as readable YAML: keys keep their order, and scripts keep their lines."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

NEVER = 1_000_000
"""A width that no line reaches, because the two emitters fold long lines differently."""

if TYPE_CHECKING or not yaml.__with_libyaml__:
    from yaml import SafeDumper
else:
    # libyaml's emitter is eight times as fast.
    from yaml import CSafeDumper as SafeDumper


class _Dumper(SafeDumper):
    """Has its own representer, which the base class must not get."""


def _text(dumper: SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore


_Dumper.add_representer(str, _text)


def as_yaml(body: Mapping[str, object]) -> str:
    """A YAML document."""
    return yaml.dump(dict(body), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=NEVER)
