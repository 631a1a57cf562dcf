"""Finds the modules of the services, and of the rules for several services. No list has to be maintained."""

import importlib
import pkgutil
import threading
from collections.abc import Callable
from functools import wraps

SERVICES = "sandbox.oci.services"
RULES = "sandbox.oci.rules"


def once(function: Callable[[], None]) -> Callable[[], None]:
    """Run a function at its first call only. Other threads that need it wait until it has ended."""
    lock, done = threading.RLock(), threading.Event()

    @wraps(function)
    def call() -> None:
        if done.is_set():
            return
        with lock:
            if not done.is_set():
                function()
                done.set()

    return call


@once
def import_all() -> None:
    """Import every module below `services` and `rules`, so that each registers its rules and types."""
    for name in (SERVICES, RULES):
        folder = importlib.import_module(name)
        for module in pkgutil.walk_packages(folder.__path__, f"{name}."):
            importlib.import_module(module.name)
