"""Names that occur twice, taints that keep a pool's own models away, and tags."""

from collections.abc import Iterable, Iterator

from components.governance.tag_rules import text_problems
from facts.names import (
    LONGEST_TAG_KEY,
    MOST_TAGS,
    TAG_BYTES,
    TAG_KEY,
    tags_size,
)
from facts.problem import Problem
from infra.settings.cluster import Cluster
from infra.settings.gpu import Gpu
from infra.settings.observability import Observability
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.tenancy import OWN_TAGS, Tenancy


def bucket_name_problems(storage: Storage) -> Iterator[Problem]:
    """Two buckets or two volume groups with the same name."""
    yield from _twice((f"storage.buckets[{i}].name", each.name) for i, each in enumerate(storage.buckets))
    groups = enumerate(storage.volume_groups)
    yield from _twice((f"storage.volumeGroups[{i}].name", each.name) for i, each in groups)


def model_name_problems(serving: Serving) -> Iterator[Problem]:
    """Two models with the same name."""
    yield from _twice((f"serving.models[{i}].name", each.name) for i, each in enumerate(serving.models))


def topic_name_problems(observability: Observability) -> Iterator[Problem]:
    """Two topics with the same name."""
    topics = enumerate(observability.topics)
    yield from _twice((f"observability.topics[{i}].name", each.name) for i, each in topics)


def pool_name_problems(cluster: Cluster | None, gpu: Gpu | None) -> Iterator[Problem]:
    """Two pools of the cluster with the same name."""
    cpu_pools = enumerate(cluster.pools if cluster else ())
    gpu_pools = enumerate(gpu.pools if gpu else ())
    yield from _twice(
        [
            *((f"cluster.pools[{i}].name", each.name) for i, each in cpu_pools),
            *((f"gpu.pools[{i}].name", each.name) for i, each in gpu_pools),
        ]
    )


def _twice(named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Names that occur twice, from pairs of path and name."""
    first: dict[str, str] = {}
    for path, name in named:
        if name in first:
            yield Problem(path, name, f"must be unique; {first[name]} has the same name")
        first.setdefault(name, path)


def taint_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Taints that keep a pool's own engines away. Engines tolerate only the taint of GPU nodes."""
    used = {model.pool for model in serving.models}
    for index, pool in enumerate(gpu.pools):
        for place, taint in enumerate(pool.taints):
            if pool.name in used and taint.endswith((":NoSchedule", ":NoExecute")):
                path, fix = (
                    f"gpu.pools[{index}].taints[{place}]",
                    "Remove it, or give the models another pool",
                )
                yield Problem(
                    path, taint, "keeps the pool's own models away: engines do not tolerate it", fix
                )


def tag_problems(tenancy: Tenancy) -> Iterator[Problem]:
    """Tags that OCI refuses, and tags that the toolkit sets itself."""
    tags, path = tenancy.tags, "tenancy.tags"
    room = MOST_TAGS - len(OWN_TAGS)
    if len(tags) > room:
        allowed = f"must be {room} tags or fewer: a resource has at most {MOST_TAGS}, including {', '.join(OWN_TAGS)}"
        yield Problem(path, len(tags), allowed)
    size = tags_size(tags)
    if size > TAG_BYTES:
        yield Problem(path, size, f"must be {TAG_BYTES:,} bytes or fewer as JSON")
    own = {key.lower() for key in OWN_TAGS}
    for key, value in tags.items():
        place = f"{path}.{key}" if key else path
        if key.lower() in own:
            yield Problem(place, value, "must not be set: the toolkit sets this tag itself")
        elif not TAG_KEY.fullmatch(key):
            allowed = f"must have a key of 1 to {LONGEST_TAG_KEY} printable ASCII characters without periods and spaces"
            yield Problem(place, key, allowed)
        yield from text_problems(value, path=place)
