"""The component classes of the package, from the list in `facts.components`."""

from importlib import import_module

import pulumi

from facts.components import MODULES


def components() -> list[type[pulumi.ComponentResource]]:
    """The classes, in the order of the list."""
    return [getattr(import_module(module), name) for name, module in MODULES.items()]
