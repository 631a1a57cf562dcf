"""The weights of the models: imported to a bucket once, then staged on the disks of every pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi_oci import objectstorage

from components.cluster.boot_script import WEIGHTS
from components.cluster.pool_parts import POOL_LABEL
from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer
from infra.settings import Settings
from infra.settings.serving import ModelSettings
from infra.settings.weights import Weights
from serving.catalogue import catalogue
from serving.engine.pod.node_cache import NodeCache, NodeCacheArgs
from serving.routing.target import STABLE
from serving.teams.namespace import ServingNamespace, ServingNamespaceArgs
from serving.teams.network_isolation import NetworkIsolation, NetworkIsolationArgs
from serving.weights.weights_home import WeightsHome, WeightsHomeArgs
from serving.weights.weights_import import WeightsImport, WeightsImportArgs
from serving.weights.weights_mount import MountedWeightsArgs, WeightsLease, WeightsLeaseArgs
from serving.weights.weights_pod import WeightsBucketArgs, WeightsImagesArgs
from serving.weights.weights_staging import WantedModelArgs, WeightsStaging, WeightsStagingArgs

from .home import Home, hub_token


@dataclass(frozen=True, kw_only=True)
class _Place:
    """The namespace of the pods that copy weights, and what they need."""

    namespace: pulumi.Output[str]
    bucket: WeightsBucketArgs
    images: WeightsImagesArgs
    home: WeightsHome


def create_weights(
    settings: Settings,
    context: Context,
    inside: InCluster,
    platform: PlatformLayer,
    *,
    homes: Sequence[Home],
    bucket_names: Mapping[str, pulumi.Output[str]],
) -> Sequence[Mapping[str, MountedWeightsArgs]]:
    """What the engines of each home mount, by pool; nothing without staging."""
    wanted = settings.serving.weights
    if wanted is None:
        return [{} for _ in homes]
    options = inside.options
    place = _place(context, wanted, options, bucket_names[wanted.bucket])
    if settings.serving.isolated:
        # It contains the hub token and the pods that write what engines load. Nothing needs to reach these pods.
        walls = NetworkIsolationArgs(namespace=place.namespace, from_namespaces=[], api_cidr=inside.api_cidr)
        NetworkIsolation(context.name("weights-isolation"), walls, options)
    token = hub_token(context.name("weights-hub-token"), settings.serving, platform, place.namespace, options)
    imported = _import_all(settings, context, options, place, token)
    for pool in sorted({model.pool for model in settings.serving.models}):
        _stage(settings, context, options, place, pool)
    return [_mounted(settings, context, options, home, imported) for home in homes]


def weights_of(
    model: ModelSettings, models: Sequence[ModelSettings], mounted: Mapping[str, MountedWeightsArgs]
) -> MountedWeightsArgs | None:
    """What the engines of a model mount, of what its pool has; None without staging.

    A model waits for the weights of models only: if it also waited for those of candidates, each candidate that comes
    or goes would change its pods, which would restart them.
    """
    found = mounted.get(model.pool)
    return found and replace(
        found, staged_gb=_staged_gb(models, model.pool, candidates=model.track != STABLE)
    )


def _staged_gb(models: Sequence[ModelSettings], pool: str, *, candidates: bool) -> float:
    """GB that a node of a pool stages before an engine has its weights."""
    before = [each for each in models if each.pool == pool and (candidates or each.track == STABLE)]
    return sum(catalogue()[each.model].weights_gb for each in _wanted(before))


def _mounted(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    home: Home,
    imported: Sequence[pulumi.Output[str]],
) -> Mapping[str, MountedWeightsArgs]:
    args = WeightsLeaseArgs(namespace=home.namespace)
    lease = WeightsLease(home.name(context, "weights-lease"), args, options)
    mounted: dict[str, MountedWeightsArgs] = {}
    for pool in sorted({model.pool for model in home.models}):
        name = home.name(context, f"{pool}-weights-engines")
        claim = _disk(context, options, name, pool, home.namespace, read_only=True)
        mounted[pool] = MountedWeightsArgs(
            # Engines start only after the bucket has their weights.
            claim=pulumi.Output.all(claim, *imported).apply(lambda known: known[0]),
            scripts=lease.scripts,
            staged_gb=_staged_gb(settings.serving.models, pool, candidates=False),
        )
    return mounted


def _place(
    context: Context,
    wanted: Weights,
    options: pulumi.ResourceOptions,
    bucket: pulumi.Output[str],
) -> _Place:
    args = ServingNamespaceArgs(namespace=wanted.namespace)
    namespace = ServingNamespace(context.name(wanted.namespace), args, options).namespace
    tenant = objectstorage.get_namespace_output(
        compartment_id=context.compartment_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace
    python, rclone = wanted.images
    return _Place(
        namespace=namespace,
        bucket=WeightsBucketArgs(name=bucket, namespace=tenant, region=context.region),
        images=WeightsImagesArgs(python=python, rclone=rclone),
        home=WeightsHome(context.name("weights-home"), WeightsHomeArgs(namespace=namespace), options),
    )


def _import_all(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    place: _Place,
    token: pulumi.Output[str] | None,
) -> list[pulumi.Output[str]]:
    """Creates one job for each model and commit. The names of the jobs are known when the models are in the bucket."""
    return [
        WeightsImport(
            context.name(f"import-{each.model}-{each.revision[:8].lower().rstrip('-')}"),
            WeightsImportArgs(
                namespace=place.namespace,
                model=each.model,
                revision=each.revision,
                bucket=place.bucket,
                images=place.images,
                scripts=place.home.scripts,
                service_account=place.home.import_account,
                hugging_face_secret=token,
            ),
            options,
        ).job_name
        for each in _wanted(settings.serving.models)
    ]


def _stage(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    place: _Place,
    pool: str,
) -> None:
    """Creates the agents of a pool."""
    weights = settings.serving.weights
    models = _wanted([model for model in settings.serving.models if model.pool == pool])
    WeightsStaging(
        context.name(f"{pool}-weights"),
        WeightsStagingArgs(
            namespace=place.namespace,
            models=models,
            bucket=place.bucket,
            images=place.images,
            scripts=place.home.scripts,
            service_account=place.home.staging_account,
            disk_claim=_disk(
                context,
                options,
                context.name(f"{pool}-weights-agents"),
                pool,
                place.namespace,
                read_only=False,
            ),
            node_selector={POOL_LABEL: context.name(pool)},
            disk_share=weights and weights.disk_share,
            streams=weights and weights.streams,
        ),
        options,
    )


def _disk(
    context: Context,
    options: pulumi.ResourceOptions,
    name: str,
    pool: str,
    namespace: pulumi.Output[str],
    *,
    read_only: bool,
) -> pulumi.Output[str]:
    """A claim for the folder on the nodes. Only the agents' claim is writable; the claims of engines are read-only."""
    args = NodeCacheArgs(
        namespace=namespace,
        claim_name=f"weights-{pool}",
        path=WEIGHTS,
        node_selector={POOL_LABEL: context.name(pool)},
        read_only=read_only,
    )
    return NodeCache(name, args, options).claim_name


def _wanted(models: Sequence[ModelSettings]) -> list[WantedModelArgs]:
    """Each model and commit, once. Those of candidates are the last: a new node stages the models first."""
    found: dict[tuple[str, str], bool] = {}
    for model in models:
        key = (model.model, model.revision or catalogue()[model.model].revision)
        found[key] = found.get(key, True) and model.track != STABLE
    ordered = sorted(found, key=lambda key: (found[key], key))
    return [WantedModelArgs(model=model, revision=revision) for model, revision in ordered]
