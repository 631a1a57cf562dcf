"""Finds the modules of the services, and of the rules for several services. No list has to be maintained."""

import importlib
import pkgutil
from functools import cache

SERVICES = "sandbox.oci.services"
RULES = "sandbox.oci.rules"


@cache
def import_all() -> None:
    """Import every module below `services` and `rules`, so that each registers its rules and types."""
    for name in (SERVICES, RULES):
        folder = importlib.import_module(name)
        for module in pkgutil.walk_packages(folder.__path__, f"{name}."):
            importlib.import_module(module.name)
