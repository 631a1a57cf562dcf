"""The components of the package: every component class under components/ and serving/kubernetes/."""

import inspect
from importlib import import_module

import pulumi

from tools.component_rules import ROOT, component_files


def components() -> list[type[pulumi.ComponentResource]]:
    """The classes in the order of their files."""
    found: list[type[pulumi.ComponentResource]] = []
    for file in component_files():
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        module = import_module(name.removesuffix(".__init__"))
        found += [
            kind
            for _, kind in inspect.getmembers(module, inspect.isclass)
            if issubclass(kind, pulumi.ComponentResource) and kind.__module__ == module.__name__
        ]
    return found
