"""An image that the settings name by its repository and, beside it, by its digest."""

from collections.abc import Iterator

from facts.problem import Problem
from serving.engine.server_rules import image_name_problems, image_problems


def pinned_problems(image: str, digest: str, path: str) -> Iterator[Problem]:
    """What is wrong with the name at `path`, or with the digest at `path`Digest."""
    found = [*image_name_problems(image, path)]
    yield from found
    if not found:
        yield from image_problems(f"{image}@{digest}", f"{path}Digest")
