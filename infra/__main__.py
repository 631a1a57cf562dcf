"""The program: one environment, layer by layer."""

import pulumi

from infra.existing.look import find_existing
from infra.layers.alert_routing import create_alert_routing
from infra.layers.cluster import create_autoscaler, create_cluster
from infra.layers.dashboards import create_dashboard
from infra.layers.database import create_database
from infra.layers.gateways import create_gateways
from infra.layers.governance import create_governance
from infra.layers.governance.guard import create_guard
from infra.layers.governance.money import create_money
from infra.layers.governance.quotas import create_quotas
from infra.layers.governance.tags import create_creator_tag, create_default_tags, create_tags
from infra.layers.gpu import create_gpu
from infra.layers.health_checks import create_health_checks
from infra.layers.identity import create_compartment, create_identity, grant_workloads
from infra.layers.logs import LogSources, create_log_group, create_logs
from infra.layers.model_gateway import create_model_gateway, gateway_output
from infra.layers.network import create_network
from infra.layers.network_edge import create_network_edge
from infra.layers.observability import create_observability
from infra.layers.platform import create_platform
from infra.layers.pool_hours import create_pool_hours
from infra.layers.serving import create_serving
from infra.layers.storage import create_storage
from infra.layers.vault import create_vault
from infra.layers.watching import create_watching
from infra.program.collecting import collect_rarely
from infra.program.context import create_context
from infra.program.in_cluster import reach_cluster
from infra.program.speeds import model_speeds
from infra.program.start import plain_errors, read_settings
from infra.program.tagging import tag_what_follows
from report.model_speeds import SPEEDS, as_output

with plain_errors():
    collect_rarely()
    settings = read_settings()
    context = create_context(settings)
    existing = find_existing(settings, context)
    tags = create_tags(settings, context)
    tag_what_follows(tags)
    context = create_compartment(settings, context)
    create_default_tags(settings, context, tags)
    create_creator_tag(settings, context, tags)

    identity = create_identity(settings, context, existing)
    vault = create_vault(settings, context, identity, existing.vault)
    create_governance(settings, context)
    create_quotas(settings, context)
    network = create_network(settings, context, existing.network)
    log_group_id = create_log_group(settings, context)
    edge = create_network_edge(settings, context, network, log_group_id)
    storage = create_storage(settings, context, network, vault)
    database = create_database(settings, context, network, vault)
    cluster = create_cluster(settings, context, network, vault, existing.cluster)
    granted = grant_workloads(settings, context, network, cluster)
    gpu = create_gpu(settings, context, network, vault, cluster)
    create_autoscaler(settings, context, cluster, gpu, granted)
    hours = create_pool_hours(settings, context, network, cluster, gpu)
    inside = reach_cluster(settings, network, cluster, gpu)
    platform = create_platform(settings, context, inside, vault, database.addresses.get("cache"))
    serving = create_serving(settings, context, inside, platform, storage)
    gateway = create_model_gateway(settings, context, inside, platform, serving)
    create_gateways(settings, context, inside, platform, edge, models=gateway)
    create_watching(settings, context, inside, platform)
    topics = create_observability(settings, context, network)
    rules = create_guard(settings, context, identity, vault, topics)
    create_money(settings, context, network, storage, topics)
    create_alert_routing(settings, context, inside, platform, topics)
    sources = LogSources(
        logged={**edge.logged, **storage.logged, **database.logged, **hours.logged},
        storage=storage,
        cluster=cluster,
        vault=vault,
        identity=identity,
        topics=topics,
        event_rules=rules,
        stream_ids=database.stream_ids,
    )
    create_logs(settings, context, log_group_id, sources)
    create_health_checks(settings, context)
    create_dashboard(settings, context)

    pulumi.export("vcnId", network.vcn_id)
    pulumi.export("bastionId", network.bastion_id)
    pulumi.export("edge", edge.outputs)
    pulumi.export("clusterId", cluster.cluster_id)
    pulumi.export("clusterEndpoint", cluster.endpoint)
    pulumi.export("kubeconfig", cluster.kubeconfig)
    pulumi.export("poolHours", hours.functions)
    pulumi.export("modelEndpoints", serving.endpoints)
    pulumi.export("modelRoutes", serving.routes)
    pulumi.export("modelGateway", gateway_output(gateway, settings))
    pulumi.export(SPEEDS, as_output(model_speeds(settings)))
    pulumi.export("vaultId", vault.vault_id)
    pulumi.export("secretIds", vault.secret_ids)
    pulumi.export("buckets", storage.bucket_names)
    pulumi.export("databases", database.connections)
    pulumi.export("databaseAddresses", database.addresses)
    pulumi.export("storage", storage.outputs)
    pulumi.export("monthlyBudget", settings.governance.budget and settings.governance.budget.monthly_amount)
