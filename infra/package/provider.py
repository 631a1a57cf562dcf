"""Starts the component package. `pulumi-resource-genai` and the repository's `__main__.py` run it."""

import os
import sys
import threading
import time

from pulumi.provider import main

from facts.product import NAME, PACKAGE, version
from infra.package.classes import components
from infra.package.typed_provider import TypedComponentProvider


def serve() -> None:
    """Serve the engine until it ends. The engine sets the command line, which has its address."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    main(package(), sys.argv[1:])


def package() -> TypedComponentProvider:
    """The package with every component and the installed version.

    The product's name is the namespace of the SDKs. Without it they would be in Pulumi's namespace, e.g.
    `@pulumi/genai`.
    """
    return TypedComponentProvider(components(), PACKAGE, NAME, version())


def _leave_with(parent: int) -> None:
    """Exit when the parent process ends, because a killed engine does not stop its plugins."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
