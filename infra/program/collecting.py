"""Python's search for garbage, for runs that are short and keep what they make."""

import gc


def collect_rarely() -> None:
    """Let Python look for garbage rarely.

    A run keeps nearly all it makes: the SDK's classes, hundreds of thousands of objects, and the resources.
    Looking through them again and again took two fifths of a run of staging and found 2 MB.
    """
    gc.set_threshold(100_000, 50, 100)
