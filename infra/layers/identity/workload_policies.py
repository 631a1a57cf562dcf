"""The policies for the cluster's own pods. They identify pods by service account and by the cluster's OCID."""

from collections.abc import Mapping

import pulumi

from components.identity.late_ids import Ids, Statements, with_ids
from components.identity.principal_grants import Workload, autoscaler_grants, autoscaler_network_grants
from components.identity.weights_grants import weights_grants
from components.identity.workload_grants import (
    publisher_grants,
    result_keeper_grants,
    secret_reader_grants,
)
from facts.charts import CHARTS
from infra.program.context import Context
from infra.program.granting import Grant
from infra.settings import Settings
from infra.settings.platform import BenchmarkSettings
from infra.settings.platform.all_reduce import AllReduceSettings
from infra.settings.platform.store_rules import read_secrets
from infra.settings.sections import autoscaled, sized_outside
from infra.settings.traffic.receiver_rules import receivers_of
from infra.settings.weights import Weights
from serving.engine import all_reduce_args
from serving.engine.load_benchmark import account_name, results_folder
from serving.watching.alertmanager import RELAY
from serving.weights.weights_home import IMPORT_ACCOUNT, STAGING_ACCOUNT


def workload_policies(
    settings: Settings, context: Context, cluster_id: pulumi.Output[str], network_elsewhere: str = ""
) -> Mapping[str, Grant]:
    """The policies by name. A policy that the settings do not need is left out.

    `network_elsewhere`: the compartment of the network, if it is not the environment's.
    """
    ids = {"compartment": context.compartment_id, "cluster": cluster_id}
    found: dict[str, Grant] = {}
    if sized_outside(settings):
        found |= _of_autoscaler(settings, ids, network_elsewhere)
    if settings.serving.platform.external_secrets:
        found["external-secrets"] = Grant(
            description="Secrets that the cluster reads",
            statements=with_ids(lambda known: _secrets(settings, known), ids),
        )
    benchmark = settings.serving.jobs.benchmark
    if benchmark is not None and settings.serving.models:
        found["benchmarks"] = Grant(
            description="Results that load benchmarks keep",
            statements=with_ids(lambda known: _results(benchmark, settings, context, known), ids),
        )
    test = settings.serving.jobs.all_reduce
    if test is not None:
        found["all-reduce"] = Grant(
            description="Results that the all-reduce over two nodes keeps",
            statements=with_ids(lambda known: _all_reduce(test, context, known), ids),
        )
    weights = settings.serving.weights
    if weights is not None and settings.serving.models:
        found["weights"] = Grant(
            description="Weights that are imported into a bucket and staged onto nodes",
            statements=with_ids(lambda known: _weights(weights, context, known), ids),
        )
    if any(each.topic for each in receivers_of(settings.traffic)):
        found["alert-relay"] = Grant(
            description="Alerts that the cluster publishes to topics",
            statements=with_ids(_alerts, ids),
        )
    return found


def _of_autoscaler(
    settings: Settings, ids: Mapping[str, pulumi.Input[str]], network_elsewhere: str
) -> Mapping[str, Grant]:
    awaited = autoscaled(settings.cluster, settings.gpu)
    found = {
        "autoscaler": Grant(
            description="What the cluster autoscaler does",
            statements=with_ids(lambda known: autoscaler_grants(known["compartment"], known["cluster"]), ids),
            awaited=awaited,
        )
    }
    if network_elsewhere:
        # A policy grants only in its own compartment and below.
        found["autoscaler-network"] = Grant(
            description="What the cluster autoscaler does in the network's compartment",
            statements=with_ids(
                lambda known: autoscaler_network_grants(network_elsewhere, known["cluster"]), ids
            ),
            in_tenancy=True,
            awaited=awaited,
        )
    return found


def _weights(weights: Weights, context: Context, ids: Ids) -> Statements:
    importer, reader = (
        Workload(cluster_id=ids["cluster"], namespace=weights.namespace, service_account=account)
        for account in (IMPORT_ACCOUNT, STAGING_ACCOUNT)
    )
    return weights_grants(importer, reader, ids["compartment"], context.name(weights.bucket))


def _secrets(settings: Settings, ids: Ids) -> Statements:
    place = CHARTS["externalSecrets"].namespace
    reader = Workload(cluster_id=ids["cluster"], namespace=place, service_account="external-secrets")
    return secret_reader_grants(reader, ids["compartment"], read_secrets(settings.serving, settings.traffic))


def _alerts(ids: Ids) -> Statements:
    place = CHARTS["prometheus"].namespace
    relay = Workload(cluster_id=ids["cluster"], namespace=place, service_account=RELAY)
    return publisher_grants(relay, ids["compartment"])


def _results(benchmark: BenchmarkSettings, settings: Settings, context: Context, ids: Ids) -> Statements:
    keepers = {
        results_folder(benchmark.prefix, model.name): Workload(
            cluster_id=ids["cluster"],
            namespace=model.team or settings.serving.namespace,
            service_account=account_name(model.name),
        )
        for model in settings.serving.models
    }
    bucket = context.name(benchmark.bucket)
    return {
        name: statement
        for folder, keeper in keepers.items()
        for name, statement in result_keeper_grants(keeper, ids["compartment"], bucket, folder).items()
    }


def _all_reduce(test: AllReduceSettings, context: Context, ids: Ids) -> Statements:
    keeper = Workload(
        cluster_id=ids["cluster"],
        namespace=all_reduce_args.NAMESPACE,
        service_account=all_reduce_args.job_name(test.pool),
    )
    folder = all_reduce_args.results_folder(test.prefix, test.pool)
    return result_keeper_grants(keeper, ids["compartment"], context.name(test.bucket), folder)
