"""Serving: the models on the GPU pools, and the jobs that test and measure them."""

from dataclasses import replace

import pulumi

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer, ServingLayer, StorageLayer
from infra.settings import Settings
from infra.settings.traffic.candidates import with_candidates
from serving.routing.target import STABLE

from .homes import create_homes
from .jobs import create_all_reduce, create_jobs
from .models import create_models, create_warm_nodes
from .routers import create_routers
from .scaling import create_scaling
from .weights import create_weights


def create_serving(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    platform: PlatformLayer,
    storage: StorageLayer,
) -> ServingLayer:
    """Creates the models, each in its team's namespace or in the models' namespace, after everything that they use."""
    buckets = storage.bucket_names
    settings = replace(settings, serving=with_candidates(settings.serving, settings.traffic.candidates))
    if inside is not None:
        create_all_reduce(settings, context, inside, buckets)
    if not settings.serving.models or inside is None:
        return ServingLayer(endpoints={}, routes={}, ready={})
    homes = create_homes(settings, context, inside, platform)
    staged = create_weights(settings, context, inside, platform, homes=homes, bucket_names=buckets)
    made = [
        create_models(settings, context, home, weights=weights, options=inside.options)
        for home, weights in zip(homes, staged, strict=True)
    ]
    for home in homes:
        create_warm_nodes(settings, context, home, inside.options)
    servers = {name: server for each in made for name, server in each.items()}
    answering = {
        # The Service is created after its engines are ready.
        name: pulumi.Output.all(server.url, server.service_name).apply(lambda both: both[0])
        for name, server in servers.items()
    }
    create_jobs(
        settings, context, inside.options,
        homes=homes, staged=staged, answering=answering, bucket_names=buckets,
    )  # fmt: skip
    create_scaling(settings, context, inside, homes=homes, servers=servers)
    routes = create_routers(settings, context, inside, homes=homes, servers=servers)
    own = [model.name for model in settings.serving.models if model.track == STABLE]
    return ServingLayer(
        endpoints={name: servers[name].url for name in own},
        routes={name: routes[name] for name in own if name in routes},
        ready={**answering, **{f"{name}-router": url for name, url in routes.items()}},
    )
