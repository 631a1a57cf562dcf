"""Names that derive from the stack's and from each other's, and tags: what the clouds would refuse of them.

Derived names are judged before anything is created: the first that is too long would stand in the way only after two
hundred resources.
"""

import json
from collections.abc import Iterator

from facts.names import (
    FORMS,
    LONGEST_STACK,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MOST_TAGS,
    STACK,
    TAG_BYTES,
    TAG_KEY,
    is_system_namespace,
)
from facts.problem import Problem

from .gpu import Gpu
from .sections import Parsed
from .serving import Serving
from .tenancy import OWN_TAGS, Tenancy

Derived = tuple[str, str, str, str]
"""Path of the part that the settings can shorten, that part, the whole name, and its form."""


def derived_name_problems(stack: str, parsed: Parsed) -> Iterator[Problem]:
    """A stack's name that begins no name of a resource, and derived names that are too long."""
    if len(stack) > LONGEST_STACK or not STACK.fullmatch(stack):
        allowed = (
            f"must be 1 to {LONGEST_STACK} of a-z, 0-9 and -, starting with a letter and not ending with -"
        )
        yield Problem("stack", stack, allowed, "It begins the name of everything that the stack makes")
        return
    for path, part, whole, form in _derived(stack, parsed):
        most = FORMS[form].longest
        if len(whole) > most:
            least = max(len(part) - (len(whole) - most), 1)
            allowed = f"makes `{whole}`, {FORMS[form].what}, which has {most} characters at most"
            yield Problem(
                path, part, allowed, f"Use {least} characters or fewer, or a stack with a shorter name"
            )


def _derived(stack: str, parsed: Parsed) -> Iterator[Derived]:
    if parsed.gpu:
        yield from _of_pools(stack, parsed.gpu, staged=bool(parsed.serving and parsed.serving.weights))
    for index, pool in enumerate(parsed.cluster.pools if parsed.cluster else ()):
        yield f"cluster.pools[{index}].name", pool.name, f"{stack}-{pool.name}", "label"
    for index, model in enumerate(parsed.serving.models if parsed.serving else ()):
        path = f"serving.models[{index}].name"
        yield path, model.name, f"{model.name}-benchmark", "cron-job"
        yield path, model.name, f"{model.name}-smoke-01234567", "dns-label"
    for name in parsed.vault.secrets if parsed.vault else ():
        yield f"vault.secrets[{name!r}]", name, f"{stack}-{name}", "secret"
    for index, group in enumerate(parsed.storage.volume_groups if parsed.storage else ()):
        for name in group.volumes:
            path = f"storage.volumeGroups[{index}].volumes[{name!r}]"
            yield path, name, f"{stack}-{group.name}-{name}", "display"


def _of_pools(stack: str, gpu: Gpu, *, staged: bool) -> Iterator[Derived]:
    for index, pool in enumerate(gpu.pools):
        end = "-weights" if staged else ""
        yield f"gpu.pools[{index}].name", pool.name, f"{stack}-{pool.name}{end}", "label"


def system_namespace_problems(serving: Serving) -> Iterator[Problem]:
    """Namespaces of Kubernetes itself, whose pods and secrets would lie beside the models'."""
    places = [("serving.namespace", serving.namespace)]
    places += [("serving.weights.namespace", serving.weights.namespace)] if serving.weights else []
    places += [(f"serving.teams[{index}].name", team.name) for index, team in enumerate(serving.teams)]
    for path, name in places:
        if is_system_namespace(name):
            yield Problem(path, name, "must not be a namespace of Kubernetes itself")


def taint_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Taints that keep a pool's own engines away: they tolerate that of the GPUs, and no other."""
    used = {model.pool for model in serving.models}
    for index, pool in enumerate(gpu.pools):
        for place, taint in enumerate(pool.taints):
            if pool.name in used and taint.endswith((":NoSchedule", ":NoExecute")):
                path, fix = (
                    f"gpu.pools[{index}].taints[{place}]",
                    "Leave it out, or give the models another pool",
                )
                yield Problem(
                    path, taint, "keeps the pool's own models away: engines do not tolerate it", fix
                )


def tag_problems(tenancy: Tenancy) -> Iterator[Problem]:
    """Tags that OCI refuses on every resource, and such as the toolkit sets itself."""
    tags, path = tenancy.tags, "tenancy.tags"
    room = MOST_TAGS - len(OWN_TAGS)
    if len(tags) > room:
        allowed = f"must be {room} tags or fewer: a resource has {MOST_TAGS}, and {', '.join(OWN_TAGS)} are among them"
        yield Problem(path, len(tags), allowed)
    size = len(json.dumps(dict(tags)).encode())
    if size > TAG_BYTES:
        yield Problem(path, size, f"must be {TAG_BYTES:,} bytes or fewer as JSON")
    own = {key.lower() for key in OWN_TAGS}
    for key, value in tags.items():
        place = f"{path}.{key}" if key else path
        if key.lower() in own:
            yield Problem(place, value, "must be left out: the toolkit sets this tag itself")
        elif not TAG_KEY.fullmatch(key) or len(key) > LONGEST_TAG_KEY:
            allowed = f"must have a key of 1 to {LONGEST_TAG_KEY} characters without periods and spaces"
            yield Problem(place, key, allowed)
        if len(value) > LONGEST_TAG_VALUE:
            yield Problem(place, len(value), f"must be {LONGEST_TAG_VALUE} characters or fewer")
