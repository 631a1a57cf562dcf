"""The alarm catalogue: services with alarms on availability, saturation and errors."""

from collections.abc import Iterator

from components.observability.definitions import KINDS
from components.observability.services import watched_services
from tests.bench.figure import Figure


def figures() -> Iterator[Figure]:
    """How many services lack a kind of alarm, and how many of them do not say why."""
    found = watched_services().values()
    lacking = {each.name: [kind for kind in KINDS if kind not in each.kinds] for each in found}
    silent = [each.name for each in found if set(lacking[each.name]) - set(each.without)]
    whole, watched = sum(not each for each in lacking.values()), sum(len(each.kinds) for each in found)
    said = f"{whole} of {len(found)} have all three; of {len(KINDS) * len(found)} kinds {watched} are watched"
    yield Figure("alarms: services without all three kinds", len(found) - whole, "services", said)
    said = f"no kind and no reason: {', '.join(silent) or 'none'}"
    yield Figure("alarms: services that lack a kind and do not say why", len(silent), "services", said, 0)
