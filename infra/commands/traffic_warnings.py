"""What `playground check` warns about on the traffic path: images without a login, and alerts that nobody gets."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem
from infra.settings import Settings
from infra.settings.traffic.receiver_rules import PATH, RELAY_PATH, receivers_of
from serving.watching.receivers import TOPIC


def private_image_warnings(settings: Settings) -> Iterator[Problem]:
    """Images in OCI's registry, if the nodes have no login to it."""
    if settings.cluster.credential_provider is not None:
        return
    for path, image in _images(settings).items():
        if ".ocir.io/" in image:
            allowed = (
                "is in OCI's registry, and the nodes have no login to it: a private image cannot be pulled"
            )
            fix = 'Set cluster.credentialProvider: docs/platform.md, "Private images"'
            yield Problem(path, image, allowed, fix)


def alert_warnings(settings: Settings) -> Iterator[Problem]:
    """Topics of receivers without subscriptions, and a relay whose grant the program does not create."""
    empty = [topic.name for topic in settings.observability.topics if not topic.subscriptions]
    receivers = receivers_of(settings.traffic)
    for index, each in enumerate(receivers):
        if each.topic in empty:
            allowed = (
                "is a topic without subscriptions: nobody gets its alerts, unless you subscribe elsewhere"
            )
            yield Problem(
                f"{PATH}[{index}].topic", each.topic, allowed, "Add observability.topics.subscriptions"
            )
    if not settings.identity.manage and any(each.kind == TOPIC for each in receivers):
        allowed = "needs a grant that the program does not create without identity.manage"
        yield Problem(
            RELAY_PATH, "on", allowed, "Let the service account alert-relay publish: docs/watching.md"
        )


def _images(settings: Settings) -> Mapping[str, str]:
    found = {"serving.image": settings.serving.image}
    for index, model in enumerate(settings.serving.models):
        if model.image is not None:
            found[f"serving.models[{index}].image"] = model.image
    router, watching = settings.traffic.router, settings.traffic.watching
    if router is not None:
        found["traffic.router.image"] = router.image
    if watching is not None and watching.relay is not None:
        found[f"{RELAY_PATH}.image"] = watching.relay.image
    return found
