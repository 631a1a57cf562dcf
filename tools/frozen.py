"""A plugin of pytest: the garbage collector runs rarely, and leaves out what the collection of tests has loaded."""

import gc

from infra.program.collecting import collect_rarely


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end. Each full collection would visit all of their objects again."""
    collect_rarely()
    gc.collect()
    gc.freeze()
