"""Problems of the import and staging of weights, in the user's terms."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from facts.problem import Problem
from facts.web_addresses import split_address
from serving.engine.server_rules import image_problems, known_problems, revision_problems

MOST_SHARE = 0.6
"""The kubelet uses the same disk. It deletes images at 85 % and evicts pods soon after."""

LEAST_SHARE = 0.05
STREAMS, MOST_STREAMS = 32, 256
MOST_WORKERS = 32


class StagingChoices(Protocol):
    """The plain values of a staging, which the component's args and the settings share."""

    @property
    def disk_share(self) -> float | None: ...
    @property
    def streams(self) -> int | None: ...


def staging_problems(staging: StagingChoices, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.diskShare and .streams."""
    disk_share, streams = disk_share_of(staging), streams_of(staging)
    if not LEAST_SHARE <= disk_share <= MOST_SHARE:
        yield Problem(
            f"{path}.diskShare",
            disk_share,
            f"must be from {LEAST_SHARE} to {MOST_SHARE}: the kubelet keeps images and pods on the same disk, and "
            "evicts pods when it fills",
        )
    if not 1 <= streams <= MOST_STREAMS:
        yield Problem(f"{path}.streams", streams, f"must be from 1 to {MOST_STREAMS}")


def disk_share_of(staging: StagingChoices) -> float:
    """Share of a disk that may be in use."""
    return MOST_SHARE if staging.disk_share is None else staging.disk_share


def streams_of(staging: StagingChoices) -> int:
    """Transfers at the same time."""
    return STREAMS if staging.streams is None else staging.streams


def room_problems(
    sizes_gb: Mapping[str, float], *, disk_gb: float, disk_share: float, path: str
) -> Iterator[Problem]:
    """Problems of models that together do not fit on a node's disk, by their weights in GB."""
    needed, allowed = sum(sizes_gb.values()), disk_gb * disk_share
    if needed > allowed:
        largest = max(sizes_gb, key=lambda name: sizes_gb[name])
        yield Problem(
            path,
            f"{needed:,.0f} GB",
            f"must fit on a node's disk: {allowed:,.0f} GB, {disk_share:.0%} of {disk_gb:,.0f}",
            f"Put models on another pool; {largest} is the largest with {sizes_gb[largest]:,.0f} GB",
        )


def import_problems(
    *, model: str, revision: str | None, has_token: bool, workers: int, hub: str, path: str
) -> Iterator[Problem]:
    """Problems at `path`.model, .revision, .workers, .hub."""
    yield from known_problems(model, has_token=has_token, path=path)
    if revision is not None:
        yield from revision_problems(revision, f"{path}.revision")
    if not 1 <= workers <= MOST_WORKERS:
        yield Problem(f"{path}.workers", workers, f"must be from 1 to {MOST_WORKERS} files at the same time")
    if not split_address(hub):
        allowed = "must be a valid address, and must begin with https://: the token is sent there"
        yield Problem(f"{path}.hub", hub, allowed)


def images_problems(python: str, rclone: str, path: str) -> Iterator[Problem]:
    """Problems of the two images, at `path`.python and .rclone."""
    yield from image_problems(python, f"{path}.python")
    yield from image_problems(rclone, f"{path}.rclone")
