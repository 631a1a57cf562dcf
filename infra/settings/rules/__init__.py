"""All rules for the settings. A rule runs if the sections that it needs could be read."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.cluster.existing_rules import existing_cluster_problems
from infra.settings.cluster.pool_rules import (
    autoscaler_pool_problems,
    cpu_pool_problems,
    gpu_version_problems,
    own_addon_problems,
    own_cluster_problems,
    own_gpu_problems,
    secrets_key_problems,
)
from infra.settings.cluster.schedule_rules import (
    autoscaler_place_problems,
    schedule_image_problems,
    schedule_problems,
    scheduled_pool_problems,
)
from infra.settings.database.rules import database_problems, password_problems
from infra.settings.edge.gateway_rules import edge_gateway_problems
from infra.settings.edge.rules import edge_problems
from infra.settings.governance import governance_problems, tenancy_manager_problems
from infra.settings.governance.guard_rules import (
    cloud_guard_setting_problems,
    guard_setting_problems,
    manager_problems,
    notice_topic_problems,
    zone_setting_problems,
)
from infra.settings.governance.money_rules import (
    cost_image_problems,
    cost_problems,
    cost_topic_problems,
    report_bucket_problems,
)
from infra.settings.governance.quota_rules import quota_need_problems, quota_settings_problems
from infra.settings.governance.tag_rules import defined_tag_problems
from infra.settings.identity import identity_problems
from infra.settings.logs.rules import (
    archive_name_problems,
    check_edge_problems,
    connector_target_problems,
    log_problems,
    node_group_problems,
    tenancy_log_problems,
)
from infra.settings.network.addresses import network_problems
from infra.settings.network.existing_rules import existing_network_problems
from infra.settings.network.reach_plan import closed_problems
from infra.settings.network.reach_rules import reach_problems
from infra.settings.observability import absent_problems, observability_problems, webhook_paths
from infra.settings.platform.all_reduce_rules import all_reduce_pool_problems, own_all_reduce_problems
from infra.settings.platform.rules import (
    cluster_chart_problems,
    enforcement_problems,
    namespace_problems,
    own_platform_problems,
    quota_problems,
    result_bucket_problems,
    token_problems,
    vault_chart_problems,
)
from infra.settings.platform.store_rules import store_problems
from infra.settings.sections import Parsed
from infra.settings.serving.model_rules import idle_time_problems, serving_problems
from infra.settings.serving.placement_rules import placement_problems
from infra.settings.serving.surge_rules import spare_problems
from infra.settings.serving.team_models import team_model_problems
from infra.settings.serving.warm_rules import warm_problems
from infra.settings.storage.rules import storage_problems, storage_region_problems
from infra.settings.tenancy import tenancy_problems
from infra.settings.traffic.candidate_rules import candidate_problems
from infra.settings.traffic.certificate_rules import certificate_problems
from infra.settings.traffic.gateway_rules import (
    counted_problems,
    edge_traffic_problems,
    served_tenant_problems,
    traffic_problems,
)
from infra.settings.traffic.receiver_rules import routing_problems, topic_problems
from infra.settings.traffic.room_rules import traffic_room_problems
from infra.settings.traffic.router_rules import (
    routed_model_problems,
    router_drain_problems,
    router_promise_problems,
    traffic_router_problems,
)
from infra.settings.traffic.scaling_rules import (
    own_scaling_problems,
    scaled_model_problems,
    scaling_room_problems,
)
from infra.settings.traffic.silent_rules import silent_problems
from infra.settings.traffic.unused_rules import (
    unused_envoys_problems,
    unused_gateway_problems,
    unused_threshold_problems,
)
from infra.settings.traffic.value_rules import chart_value_problems
from infra.settings.traffic.watching_rules import watching_problems
from infra.settings.vault import existing_vault_problems, vault_problems
from infra.settings.watched import suppressed_problems
from infra.settings.weights.rules import weights_bucket_problems, weights_problems, weights_room_problems

from .domain_rules import availability_domain_problems
from .id_rules import cluster_id_problems, function_id_problems, gpu_id_problems, storage_id_problems
from .name_rules import (
    bucket_name_problems,
    model_name_problems,
    pool_name_problems,
    tag_problems,
    taint_problems,
    topic_name_problems,
)
from .signatures import by_sections, run_rules

RULES = by_sections(
    tenancy_problems,
    tag_problems,
    identity_problems,
    vault_problems,
    existing_vault_problems,
    network_problems,
    existing_network_problems,
    existing_cluster_problems,
    edge_problems,
    own_cluster_problems,
    own_gpu_problems,
    gpu_version_problems,
    storage_problems,
    database_problems,
    observability_problems,
    absent_problems,
    log_problems,
    suppressed_problems,
    governance_problems,
    tenancy_manager_problems,
    defined_tag_problems,
    cost_problems,
    cost_image_problems,
    cost_topic_problems,
    report_bucket_problems,
    quota_settings_problems,
    quota_need_problems,
    manager_problems,
    cloud_guard_setting_problems,
    guard_setting_problems,
    zone_setting_problems,
    notice_topic_problems,
    password_problems,
    secrets_key_problems,
    own_addon_problems,
    autoscaler_pool_problems,
    pool_name_problems,
    cpu_pool_problems,
    schedule_problems,
    scheduled_pool_problems,
    schedule_image_problems,
    autoscaler_place_problems,
    serving_problems,
    placement_problems,
    spare_problems,
    warm_problems,
    taint_problems,
    team_model_problems,
    candidate_problems,
    quota_problems,
    own_platform_problems,
    own_all_reduce_problems,
    namespace_problems,
    token_problems,
    store_problems,
    enforcement_problems,
    cluster_chart_problems,
    vault_chart_problems,
    result_bucket_problems,
    all_reduce_pool_problems,
    edge_gateway_problems,
    traffic_router_problems,
    routed_model_problems,
    router_drain_problems,
    router_promise_problems,
    traffic_room_problems,
    watching_problems,
    silent_problems,
    chart_value_problems,
    routing_problems,
    topic_problems,
    own_scaling_problems,
    scaled_model_problems,
    scaling_room_problems,
    idle_time_problems,
    traffic_problems,
    served_tenant_problems,
    certificate_problems,
    counted_problems,
    edge_traffic_problems,
    unused_gateway_problems,
    unused_envoys_problems,
    unused_threshold_problems,
    weights_problems,
    weights_bucket_problems,
    weights_room_problems,
    storage_region_problems,
    availability_domain_problems,
    reach_problems,
    tenancy_log_problems,
    connector_target_problems,
    archive_name_problems,
    node_group_problems,
    check_edge_problems,
    function_id_problems,
    cluster_id_problems,
    gpu_id_problems,
    storage_id_problems,
    bucket_name_problems,
    model_name_problems,
    topic_name_problems,
)
"""All rules, in the order in which their problems are shown."""

LAST_RULES = by_sections(closed_problems)
"""Rules that need valid settings. They run only if no other rule has found a problem."""

SECRET_PATHS = by_sections(webhook_paths)
"""Paths of secrets that neither their key nor their form reveals."""


def rule_problems(parsed: Parsed, *, complete: bool = True) -> Iterator[Problem]:
    """The problems that the rules find. `complete`: no value is a guess."""
    found = [*run_rules(RULES, parsed)]
    yield from found
    if complete and not found:
        yield from run_rules(LAST_RULES, parsed)


def secret_paths(parsed: Parsed) -> frozenset[str]:
    """Paths of values that must always be encrypted."""
    return frozenset(run_rules(SECRET_PATHS, parsed))
