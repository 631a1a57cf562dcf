"""Charts, teams, jobs and weights: nouns whose settings and component refuse the same values."""

from functools import partial
from typing import Any

from pydantic.alias_generators import to_camel

from serving.engine.all_reduce_args import AllReduceTestArgs
from serving.engine.all_reduce_rules import AllReduceChoices
from serving.engine.all_reduce_test import AllReduceTest
from serving.engine.job_rules import BenchmarkChoices
from serving.engine.load_benchmark import LoadBenchmark, LoadBenchmarkArgs
from serving.gateway.gateway_rules import GatewayChoices
from serving.gateway.model_gateway import ModelGateway
from serving.gateway.model_gateway_args import GatewayModelArgs, ModelGatewayArgs, TenantArgs
from serving.gateway.tenants import TenantChoices
from serving.platform.chart_rules import ChartChoices
from serving.platform.platform_chart import PlatformChart, PlatformChartArgs
from serving.platform.priority_classes import (
    PriorityArgs,
    PriorityChoices,
    PriorityClasses,
    PriorityClassesArgs,
)
from serving.routing.model_router import ModelRouter, ModelRouterArgs
from serving.routing.router_rules import RouterChoices
from serving.scaling.engine_scaling import EngineScaling, EngineScalingArgs, OwnQueryArgs
from serving.scaling.policy import ScalingChoices
from serving.teams.team_namespace import TeamNamespace, TeamNamespaceArgs
from serving.teams.team_rules import TeamChoices
from serving.watching.alert_routing import AlertReceiverArgs, AlertRouting, AlertRoutingArgs
from serving.watching.receivers import ReceiverChoices
from serving.watching.serving_watch import ObjectivesArgs, OwnRuleArgs, ServingWatch, ServingWatchArgs
from serving.watching.watch_rules import WatchChoices
from serving.weights.weights_pod import WeightsBucketArgs, WeightsImagesArgs
from serving.weights.weights_rules import StagingChoices
from serving.weights.weights_staging import WeightsStaging, WeightsStagingArgs
from tests.infra.settings.nouns.noun import Noun, entry

DIGEST = "sha256:" + "0" * 64
PINNED = f"docker.io/library/image@{DIGEST}"
SEVERITIES = ["P1", "P2", "P3", "P4"]
EVERY_SEVERITY = {"name": "every", "kind": "pagerDuty", "severities": SEVERITIES, "in_vault": "pager"}


def watch_args(**values: Any) -> ServingWatchArgs:
    """The args of a watch of nothing but own rules."""
    rules = {name: OwnRuleArgs(**rule) for name, rule in (values.pop("rules", None) or {}).items()}
    wanted = values.pop("objectives", None)
    return ServingWatchArgs(
        namespace="n",
        features=(),
        models={},
        namespaces=(),
        rules=rules,
        objectives=None if wanted is None else ObjectivesArgs(**wanted),
        **values,
    )


def scaling_args(**values: Any) -> EngineScalingArgs:
    """The args of an autoscaler of the Deployment `one`."""
    queries = {name: OwnQueryArgs(**query) for name, query in (values.pop("queries", None) or {}).items()}
    return EngineScalingArgs(namespace="n", deployment="one", start_seconds=60, queries=queries, **values)


def _routing(**values: Any) -> AlertRoutingArgs:
    """A receiver with these values, beside one for every severity."""
    every = AlertReceiverArgs(**EVERY_SEVERITY)
    return AlertRoutingArgs(namespace="n", receivers=[AlertReceiverArgs(**values), every], vault_store="v")


def _gateway_of_one(**values: Any) -> ModelGatewayArgs:
    """A gateway with one tenant, whose model and cache allow everything."""
    free = GatewayModelArgs(
        name="m",
        targets=[],
        context_tokens=10**15,
        answer_seconds=1,
        stream_seconds=1,
        by_priority=True,
        counts_tokens=True,
    )
    return ModelGatewayArgs(
        namespace="n",
        host_name="models.example.com",
        models=[free],
        tenants=[TenantArgs(name="one", models=["m"], **values)],
        vault_store="v",
        cache_login="user:password",
    )


SERVING: tuple[Noun, ...] = (
    Noun(
        choices=WatchChoices,
        path="traffic.watching",
        section=lambda values: {"watching": values},
        component=ServingWatch,
        args=watch_args,
    ),
    Noun(
        choices=ScalingChoices,
        path="traffic.scaling.one",
        section=lambda values: {"scaling": {"one": values}},
        component=EngineScaling,
        args=scaling_args,
        base={"max_engines": 8},
    ),
    Noun(
        choices=ReceiverChoices,
        path="traffic.watching.receivers[0]",
        section=lambda values: {
            "watching": {
                "receivers": [values, {to_camel(key): value for key, value in EVERY_SEVERITY.items()}]
            },
        },
        component=AlertRouting,
        args=_routing,
        base={"name": "one", "kind": "slack", "severities": SEVERITIES, "in_vault": "webhook"},
        at="the-noun.receivers[0]",
    ),
    Noun(
        choices=ChartChoices,
        path="serving.platform.keda",
        section=lambda values: {"platform": {"keda": values, "prometheus": {}}},
        component=PlatformChart,
        args=partial(PlatformChartArgs, chart="keda"),
    ),
    Noun(
        choices=TeamChoices,
        path="serving.teams[0]",
        section=lambda values: {"teams": [{"name": "research", **values}], "policyEngine": "calico"},
        component=TeamNamespace,
        args=partial(TeamNamespaceArgs, team="research"),
        base={"gpus": 1},
    ),
    Noun(
        choices=PriorityChoices,
        path="serving.priorities.one",
        section=lambda values: {"priorities": {"one": {"description": "d", **values}}},
        component=PriorityClasses,
        args=partial(entry("classes", partial(PriorityArgs, description="d")), PriorityClassesArgs),
        base={"value": 1},
        at="the-noun.classes.one",
    ),
    Noun(
        choices=BenchmarkChoices,
        path="serving.jobs.benchmark",
        section=lambda values: {
            "jobs": {"benchmark": {"bucket": "bucket", "rcloneImageDigest": DIGEST, **values}}
        },
        component=LoadBenchmark,
        args=partial(
            LoadBenchmarkArgs,
            namespace="n",
            url="u",
            model_name="m",
            repository="r",
            image=PINNED,
            rclone_image=PINNED,
            bucket="b",
            bucket_namespace="n",
            compartment_id="c",
            region="us-ashburn-1",
        ),
    ),
    Noun(
        choices=AllReduceChoices,
        path="serving.jobs.allReduce",
        section=lambda values: {
            "jobs": {
                "allReduce": {
                    "pool": "pool",
                    "bucket": "bucket",
                    "imageDigest": DIGEST,
                    "rcloneImageDigest": DIGEST,
                    **values,
                }
            }
        },
        component=AllReduceTest,
        args=partial(
            AllReduceTestArgs,
            namespace="n",
            pool_name="p",
            node_selector={"pool": "mi300x"},
            shape="BM.GPU.MI300X.8",
            image=PINNED,
            rclone_image=PINNED,
            bucket="b",
            bucket_namespace="n",
            compartment_id="c",
            region="us-ashburn-1",
        ),
    ),
    Noun(
        choices=GatewayChoices,
        path="traffic.gateway",
        section=lambda values: {
            "gateway": values,
            "hostName": "models.example.com",
            "tenants": [{"name": "research", "models": ["a"], "keys": ["b"]}],
        },
        component=ModelGateway,
        args=partial(
            ModelGatewayArgs,
            namespace="n",
            host_name="models.example.com",
            models=[],
            tenants=[],
            vault_store="v",
        ),
    ),
    Noun(
        choices=TenantChoices,
        path="traffic.tenants[0]",
        section=lambda values: {
            "hostName": "models.example.com",
            "tenants": [{"name": "one", "models": ["m"], **values}],
        },
        component=ModelGateway,
        args=_gateway_of_one,
        base={"keys": ["k"]},
        at="the-noun.tenants[0]",
    ),
    Noun(
        choices=StagingChoices,
        path="serving.weights",
        section=lambda values: {
            "weights": {"pythonImageDigest": DIGEST, "rcloneImageDigest": DIGEST, **values}
        },
        component=WeightsStaging,
        args=partial(
            WeightsStagingArgs,
            namespace="n",
            models=[],
            bucket=WeightsBucketArgs(name="b", namespace="n", region="us-ashburn-1"),
            images=WeightsImagesArgs(python=PINNED, rclone=PINNED),
            scripts="s",
            service_account="a",
            disk_claim="d",
            node_selector={"pool": "mi300x"},
        ),
    ),
    Noun(
        choices=RouterChoices,
        path="traffic.router",
        section=lambda values: {"router": {"image": "a/smg", "imageDigest": DIGEST, **values}},
        component=ModelRouter,
        args=partial(
            ModelRouterArgs,
            namespace="n",
            model="m",
            image=PINNED,
            longest_answer_seconds=60,
            longest_stream_seconds=60,
        ),
    ),
)
