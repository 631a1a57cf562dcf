"""Problems of the platform's charts."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from facts.charts import CHARTS
from facts.names import DIGEST
from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.web_addresses import split_address

from .needed_values import ABSENT, find_value, shown_value

_VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", re.ASCII)
LEAST_VOLUME_GIB = 50
MOST_VOLUME_GIB = 32_768
"""Size limits of an OCI block volume."""


class ChartChoices(Protocol):
    """The plain values of a chart, which the component's args and the settings share."""

    @property
    def version(self) -> str | None: ...
    @property
    def repository(self) -> str | None: ...


def chart_problems(choices: ChartChoices, *, chart: str, path: str) -> Iterator[Problem]:
    """Problems of a chart by its key, at `path`.version and .repository."""
    known = CHARTS.get(chart)
    if known is None:
        yield Problem.not_one_of(f"{path}.chart", chart, CHARTS, "is not a chart of the platform")
        return
    version, repository = choices.version, choices.repository
    if version is not None and not _VERSION.fullmatch(version):
        fix = f"The values were written for {known.version}"
        yield Problem(f"{path}.version", version, "must be one exact version: a range can move", fix)
    if repository is not None and not split_address(repository, ("https", "oci")):
        allowed = "must be a valid address, and must begin with https:// or oci://"
        yield Problem(f"{path}.repository", repository, allowed)


def value_problems(values: Mapping[str, object], *, chart: str, path: str) -> Iterator[Problem]:
    """Problems of values that the toolkit sets itself, at `path`.values."""
    for owned in CHARTS[chart].owned:
        given, found = find_value(values, owned)
        if given == owned and found is not ABSENT:
            allowed = "must be left out: other settings decide it"
            yield Problem(f"{path}.values.{owned}", shown_value(found), allowed)


def digest_problems(digest: str | None, path: str) -> Iterator[Problem]:
    """Problems of an image's digest. A placeholder is accepted here: the settings report placeholders."""
    if digest is not None and not (DIGEST.fullmatch(digest) or is_placeholder(digest)):
        yield Problem(path, digest, "must be sha256: and 64 hexadecimal digits")


def replica_problems(replicas: int, path: str) -> Iterator[Problem]:
    """Problems of the number of a controller's replicas."""
    if not 1 <= replicas <= 5:
        yield Problem(path, replicas, "must be from 1 to 5: one is active, the others are on standby")


def volume_problems(gib: int, path: str) -> Iterator[Problem]:
    """Problems of a block volume's size."""
    if not LEAST_VOLUME_GIB <= gib <= MOST_VOLUME_GIB:
        yield Problem(
            path,
            gib,
            f"must be from {LEAST_VOLUME_GIB} to {MOST_VOLUME_GIB:,} GiB, the limits of a block volume",
        )


def prefix_problems(prefix: str, path: str) -> Iterator[Problem]:
    """Problems of the prefix of metric names."""
    if prefix and not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", prefix):
        yield Problem(path, prefix, "must be letters, digits and _, not beginning with a digit, or empty")


def needs_problems(chosen: Collection[str], path: str) -> Iterator[Problem]:
    """Problems of charts that need another chart, which is off."""
    for key in chosen:
        for needed in CHARTS[key].needs:
            if needed not in chosen:
                allowed = f"needs {needed}, which is off"
                yield Problem(f"{path}.{key}", "on", allowed, f"Add {path}.{needed}, or leave {key} out")
