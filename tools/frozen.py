"""A plugin of pytest: the garbage collector leaves out what collecting the tests has put into memory."""

import gc


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end. Each full collection would visit all of their objects again."""
    gc.collect()
    gc.freeze()
