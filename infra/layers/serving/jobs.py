"""Jobs: the test and the load benchmark of each model, and the all-reduce over two nodes."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_oci import objectstorage

from components.cluster.pool_parts import POOL_LABEL
from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.settings import Settings
from infra.settings.platform import SmokeTestSettings
from infra.settings.serving import ModelSettings
from infra.settings.serving.model_rules import engine_image
from serving.catalogue import catalogue
from serving.engine.all_reduce_args import NAMESPACE, AllReduceTestArgs
from serving.engine.all_reduce_test import AllReduceTest
from serving.engine.load_benchmark import LoadBenchmark, LoadBenchmarkArgs
from serving.engine.smoke_test import SmokeTest, SmokeTestArgs
from serving.routing.target import STABLE
from serving.teams.namespace import ServingNamespace, ServingNamespaceArgs
from serving.teams.network_isolation import NetworkIsolation, NetworkIsolationArgs
from serving.weights.weights_mount import MountedWeightsArgs, weights_folder

from .home import Home

_ALL_REDUCE_OWN = {"pool", "bucket", "image", "image_digest", "rclone_image", "rclone_image_digest"}
"""Fields of the settings that the component has under other names."""


def create_jobs(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    *,
    homes: Sequence[Home],
    staged: Sequence[Mapping[str, MountedWeightsArgs]],
    answering: Mapping[str, pulumi.Output[str]],
    bucket_names: Mapping[str, pulumi.Output[str]],
) -> None:
    """Creates the jobs of every model. `answering` has the models' addresses, known when their engines are ready."""
    wanted = settings.serving.jobs
    both = zip(homes, staged, strict=True)
    for home, weights, model in ((each, mounts, model) for each, mounts in both for model in each.models):
        if wanted.smoke_test:
            args = smoke_test_args(settings, wanted.smoke_test, model, home.namespace, answering[model.name])
            SmokeTest(context.name(f"{model.name}-smoke-test"), args, options)
        if wanted.benchmark and model.track == STABLE:
            measured = LoadBenchmarkArgs(
                namespace=home.namespace,
                url=answering[model.name],
                model_name=model.name,
                repository=catalogue()[model.model].repository,
                image=engine_image(settings.serving, model),
                rclone_image=f"{wanted.benchmark.rclone_image}@{wanted.benchmark.rclone_image_digest}",
                bucket=bucket_names[wanted.benchmark.bucket],
                bucket_namespace=_namespace(context),
                compartment_id=context.compartment_id,
                region=context.region,
                node_selector={POOL_LABEL: context.name(model.pool)},
                weights=weights.get(model.pool),
                weights_folder=_folder(model) if model.pool in weights else None,
                hugging_face_secret=home.token,
                **wanted.benchmark.model_dump(exclude={"bucket", "rclone_image", "rclone_image_digest"}),
            )
            LoadBenchmark(context.name(f"{model.name}-benchmark"), measured, options)


def _folder(model: ModelSettings) -> str:
    return weights_folder(model.model, model.revision or catalogue()[model.model].revision)


def smoke_test_args(
    settings: Settings,
    wanted: SmokeTestSettings,
    model: ModelSettings,
    namespace: pulumi.Input[str],
    url: pulumi.Input[str],
) -> SmokeTestArgs:
    """The smoke test of a model's engines."""
    parser = model.tool_parser or catalogue()[model.model].tool_parser
    return SmokeTestArgs(
        namespace=namespace,
        url=url,
        model_name=model.served_name,
        image=f"{wanted.image}@{wanted.image_digest}",
        tested={
            "image": engine_image(settings.serving, model),
            "model": model.model_dump_json(exclude_defaults=True),
        },
        tools=parser not in (None, "none"),
        timeout_seconds=wanted.timeout_seconds,
    )


def _namespace(context: Context) -> pulumi.Output[str]:
    return objectstorage.get_namespace_output(
        compartment_id=context.compartment_id, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    ).namespace


def create_all_reduce(
    settings: Settings,
    context: Context,
    inside: InCluster,
    bucket_names: Mapping[str, pulumi.Output[str]],
) -> None:
    """Creates the all-reduce over two nodes in a namespace of its own, if the settings have one."""
    wanted, options = settings.serving.jobs.all_reduce, inside.options
    if wanted is None:
        return
    pool = next(pool for pool in settings.gpu.pools if pool.name == wanted.pool)
    place = ServingNamespaceArgs(namespace=NAMESPACE, pod_security="privileged")
    namespace = ServingNamespace(context.name(NAMESPACE), place, options).namespace
    if settings.serving.isolated:
        # One pod runs what the other hands to it. Nothing outside needs to reach these pods.
        walls = NetworkIsolationArgs(namespace=namespace, from_namespaces=[], api_cidr=inside.api_cidr)
        NetworkIsolation(context.name(f"{NAMESPACE}-isolation"), walls, options)
    args = AllReduceTestArgs(
        namespace=namespace,
        pool_name=pool.name,
        node_selector={POOL_LABEL: context.name(pool.name)},
        shape=pool.shape,
        image=f"{wanted.image}@{wanted.image_digest}",
        rclone_image=f"{wanted.rclone_image}@{wanted.rclone_image_digest}",
        bucket=bucket_names[wanted.bucket],
        bucket_namespace=_namespace(context),
        compartment_id=context.compartment_id,
        region=context.region,
        nearby=pool.nearby,
        **wanted.model_dump(exclude=_ALL_REDUCE_OWN),
    )
    AllReduceTest(context.name(f"{pool.name}-all-reduce"), args, options)
