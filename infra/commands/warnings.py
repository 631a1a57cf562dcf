"""What `playground check` warns about: unused storage that costs money, data without a backup, answers that are cut."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from facts.problem import Problem, did_you_mean
from facts.vllm import ARCHITECTURES, VERSION
from infra.settings import Settings
from infra.settings.governance.quota_rules import unnamed_quota_warnings
from infra.settings.sections import sized_outside
from infra.settings.serving import Serving
from infra.settings.serving.model_rules import drain_of
from infra.settings.storage import LustreSettings, VolumeGroupSettings
from report.cost import estimate
from report.resources import Resource
from report.wording import money
from serving.catalogue import find_model
from serving.engine.deadlines import cut_answer
from serving.platform.priority_classes import unseen_classes

from .common import price_list
from .date_warnings import date_warnings
from .traffic_warnings import alert_warnings, private_image_warnings

UNUSED = "Add it when your pods mount it: docs/storage.md"
NO_BACKUP = 'docs/storage.md, "Back up the volumes of claims", shows two ways'


def warnings_of(settings: Settings) -> Iterator[Problem]:
    """Every warning: storage that nothing in the stack mounts, with its monthly list price; volumes without a backup;
    budgets and topics that nobody hears; models whose longest answers are cut when a node is removed or that need a
    plug-in; keys that the provider cannot change later; priority classes that an autoscaler ignores; images that nodes
    cannot pull; alerts that nobody gets; statements about quotas whose names no source says; and times that have
    passed."""
    for index, group in enumerate(settings.storage.volume_groups):
        path = f"storage.volumeGroups[{index}]"
        yield Problem(path, group.name, _unused(_volumes(group)), UNUSED)
        if not group.backups:
            yield Problem(f"{path}.backups", None, "means that the volumes have no backup")
    if settings.storage.lustre:
        lustre = settings.storage.lustre
        yield Problem("storage.lustre", lustre.name, _unused([_lustre(lustre)]), UNUSED)
    if settings.vault.rotation_days and settings.vault.rotation_start is None:
        allowed = "without it, the provider cannot change the keys later, not even their tags"
        yield Problem("vault.rotationStart", None, allowed, "Set a day, such as 2026-12-01")
    yield from _unheard(settings)
    yield from _cut_answers(settings.serving)
    yield from _unserved(settings.serving)
    if sized_outside(settings):
        yield from unseen_classes(settings.serving.priorities, path="serving.priorities")
    yield from private_image_warnings(settings)
    yield from alert_warnings(settings)
    yield from unnamed_quota_warnings(settings)
    yield from date_warnings(settings, datetime.now(UTC))
    prometheus = settings.serving.platform.prometheus
    if prometheus:
        allowed = "is the size of a volume that nothing backs up automatically"
        yield Problem("serving.platform.prometheus.storageGib", prometheus.storage_gib, allowed, NO_BACKUP)


def _unheard(settings: Settings) -> Iterator[Problem]:
    """A budget whose alerts reach nobody, and topics of alarms without subscriptions."""
    budget, topics = settings.governance.budget, settings.observability.topics
    path, elsewhere = "governance.budget", ", unless you subscribe elsewhere"
    if budget and not (*budget.alert_percentages, *budget.forecast_percentages):
        allowed = "has no alert: nobody hears of the cost. OCI's budgets do not stop anything"
        yield Problem(f"{path}.alertPercentages", [], allowed, "Add a percentage, such as 80")
    elif budget and not budget.recipients and budget.topic is None:
        allowed = "means that nobody hears of the budget's alerts, which are then only in the Console"
        yield Problem(f"{path}.recipients", [], allowed, f"Add an e-mail address, or set {path}.topic")
    for index, topic in enumerate(topics):
        if not topic.subscriptions:
            allowed = f"is a topic without subscriptions: nobody gets its alarms{elsewhere}"
            yield Problem(f"observability.topics[{index}]", topic.name, allowed, "Add subscriptions")


def _cut_answers(serving: Serving) -> Iterator[Problem]:
    for index, model in enumerate(serving.models):
        drain = drain_of(model)
        if cut := cut_answer(drain):
            seconds = drain.longest_stream_seconds
            fix = f"Lower contextTokens, or accept it: set longestStreamSeconds to {seconds}"
            yield Problem(f"serving.models[{index}].longestStreamSeconds", seconds, cut, fix)


def _unserved(serving: Serving) -> Iterator[Problem]:
    """Models of the user's own files. Those of the catalogue all have an architecture that the pinned vLLM knows."""
    for index, model in enumerate(serving.models):
        known = find_model(model.model)
        if known and not known.served_by:
            allowed = (
                f"has an architecture that vLLM {VERSION} serves only with a plug-in: {known.architecture}"
            )
            fix = did_you_mean(known.architecture, ARCHITECTURES)
            yield Problem(f"serving.models[{index}].model", model.model, allowed, fix)


def _unused(resources: Iterable[Resource]) -> str:
    found = estimate(resources, price_list())
    cost = money(found.monthly_total, found.currency)
    return f"costs {'at least ' if found.at_least else ''}{cost} a month, and nothing in this stack mounts it"


def _volumes(group: VolumeGroupSettings) -> Iterator[Resource]:
    for name, volume in group.volumes.items():
        inputs = {"sizeInGbs": volume.size_gib, "vpusPerGb": volume.vpus_per_gib}
        yield _resource("oci:Core/volume:Volume", name, inputs)


def _lustre(lustre: LustreSettings) -> Resource:
    inputs = {"capacityInGbs": lustre.capacity_gb, "performanceTier": f"MBPS_PER_TB_{lustre.mbps_per_tb}"}
    return _resource(
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem", lustre.name, inputs
    )


def _resource(token: str, name: str, inputs: Mapping[str, object]) -> Resource:
    return Resource(urn=name, type=token, name=name, inputs=inputs, outputs={})
