"""An image whose repository and digest are two keys of the settings."""

from collections.abc import Iterator

from facts.problem import Problem
from serving.engine.server_rules import image_name_problems, image_problems


def pinned_problems(image: str, digest: str, path: str) -> Iterator[Problem]:
    """Problems of the name at `path`, or of the digest at the key `path` + `Digest`."""
    found = [*image_name_problems(image, path)]
    yield from found
    if not found:
        yield from image_problems(f"{image}@{digest}", f"{path}Digest")
