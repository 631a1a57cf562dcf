"""Starts the component package: what `pulumi-resource-genai` and the repository's `__main__.py` run."""

import os
import sys
import threading
import time

from pulumi.provider import main

from facts.product import NAME, PACKAGE, version
from infra.package.classes import components
from infra.package.typed_provider import TypedComponentProvider


def serve() -> None:
    """Answer the engine until it leaves. The command line is the engine's, with its address."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    main(package(), sys.argv[1:])


def package() -> TypedComponentProvider:
    """The package with every component, at the version that is installed.

    SDKs carry the product's name as their namespace; without one they would be Pulumi's own, such as `@pulumi/genai`.
    """
    return TypedComponentProvider(components(), PACKAGE, NAME, version())


def _leave_with(parent: int) -> None:
    """End when the process that started this one has: an engine that is killed ends nothing itself."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
