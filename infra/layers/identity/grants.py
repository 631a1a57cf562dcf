"""The policies that the settings of an environment imply: names and statements. It creates nothing."""

from collections.abc import Callable, Mapping, Sequence

import pulumi

from components.identity.group_grants import (
    administrators_grants,
    developers_grants,
    operators_grants,
    tenancy_grants,
)
from components.identity.guard_grants import cloud_guard_grants, scanning_grants
from components.identity.late_ids import Ids, Statements, with_ids
from components.identity.principal_grants import (
    WORKLOAD_TYPES,
    node_pools_grants,
    nodes_grants,
    workloads_grants,
)
from components.identity.principal_group import PrincipalGroupArgs, instances_of, resources_of
from components.identity.service_grants import ServiceNeeds, service_grants
from components.identity.tag_grants import tag_grants
from components.identity.user_group import UserGroupArgs
from facts.policies import DynamicGroup, Group, Place
from infra.program.context import Context
from infra.program.granting import Grant, identity_domain
from infra.settings import Settings
from infra.settings.edge.gateway_rules import gateway_sets
from infra.settings.identity import CLAIMED_FILES
from infra.settings.storage.rules import COPY_SUFFIX

MODEL_BUCKET = "model-artifacts"
"""Name, in the settings, of the bucket that nodes read weights from."""

USER_GROUPS: Mapping[str, str] = {
    "administrators": "Manage everything of the environment but its identity",
    "developers": "Deploy models, see metrics and logs",
    "operators": "Keep the environment running, without its secrets and data",
}
"""Groups of people, and their purpose."""

PRINCIPAL_GROUPS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "nodes": ("Instances, the cluster's nodes among them", instances_of),
    "clusters": ("Kubernetes clusters", lambda compartment: resources_of(compartment, "cluster")),
    "databases": (
        "Autonomous Databases",
        lambda compartment: resources_of(compartment, "autonomousdatabase"),
    ),
    "filesystems": (
        "File systems of File Storage",
        lambda compartment: resources_of(compartment, "filesystem"),
    ),
    "workloads": (
        "Functions, jobs and container instances",
        lambda compartment: resources_of(compartment, *WORKLOAD_TYPES),
    ),
}
"""Dynamic groups: their members, and the matching rule for a compartment."""


def people(settings: Settings, context: Context) -> Mapping[str, UserGroupArgs]:
    """The groups of people by role."""
    return {
        role: UserGroupArgs(
            tenancy_id=context.tenancy_id,
            group_name=context.name(role),
            description=description,
            domain=identity_domain(settings),
            tags=context.tags,
        )
        for role, description in USER_GROUPS.items()
    }


def machines(settings: Settings, context: Context) -> Mapping[str, PrincipalGroupArgs]:
    """The dynamic groups by name."""
    compartment = pulumi.Output.from_input(context.compartment_id)
    needed = {"databases": bool(settings.database.oracle), "filesystems": _file_systems(settings)}
    return {
        noun: PrincipalGroupArgs(
            tenancy_id=context.tenancy_id,
            group_name=context.name(noun),
            description=description,
            matching_rule=compartment.apply(rule),
            domain=identity_domain(settings),
            tags=context.tags,
        )
        for noun, (description, rule) in PRINCIPAL_GROUPS.items()
        if needed.get(noun, True)
    }


def _file_systems(settings: Settings) -> bool:
    """Whether there are file systems of File Storage, created by the program or for volume claims."""
    return settings.storage.file_storage is not None or CLAIMED_FILES in settings.identity.services


def policies(
    settings: Settings,
    context: Context,
    groups: Mapping[str, Group],
    principals: Mapping[str, DynamicGroup],
) -> Mapping[str, Grant]:
    """The environment's policies by name, except those for keys and for the autoscaler."""
    compartment = {"compartment": context.compartment_id}
    written = {
        **_people(settings, context, groups),
        "principals": Grant(
            description="What nodes, node pools and workloads do by themselves",
            statements=with_ids(lambda ids: _principals(settings, context, principals, ids), compartment),
            awaited=True,
        ),
        "tenancy": Grant(
            description="What can only be seen from the tenancy",
            statements={key: str(grant) for key, grant in tenancy_grants(groups).items()},
            in_tenancy=True,
        ),
    }
    if needed_services(settings):
        statements = with_ids(lambda ids: _services(settings, context, ids), compartment)
        written["services"] = Grant(
            description="What services need to do what they are told", statements=statements, awaited=True
        )
    if settings.governance.tags:
        written["tags"] = _tags(settings, context, groups, principals)
    if guards := _guards(settings):
        written["guards"] = guards
    if settings.identity.statements:
        written["further"] = Grant(
            description="Statements of the settings",
            statements=settings.identity.statements,
            in_tenancy=True,
            awaited=True,
        )
    return written


def _tags(
    settings: Settings,
    context: Context,
    groups: Mapping[str, Group],
    principals: Mapping[str, DynamicGroup],
) -> Grant:
    """Use the tag namespace. It is in the compartment of the settings, and an existing one may be anywhere."""
    wanted = settings.governance.tags
    assert wanted is not None  # noqa: S101 - the caller has checked it
    place = Place.of(settings.tenancy.compartment_id) if wanted.manage else Place()
    name = wanted.name(settings.environment)
    return Grant(
        description="Who may give resources the environment's tags",
        statements=with_ids(
            lambda ids: tag_grants(
                name, place, ids["compartment"], groups=groups, workloads=principals.get("workloads")
            ),
            {"compartment": context.compartment_id},
        ),
        in_tenancy=True,
        awaited=True,
    )


def _guards(settings: Settings) -> Grant | None:
    """The grant for the services that this stack switches on for the tenancy."""
    governance = settings.governance
    statements = {
        **(cloud_guard_grants() if governance.cloud_guard else {}),
        **(scanning_grants() if governance.scanning else {}),
    }
    if not statements:
        return None
    return Grant(
        description="What watches the whole tenancy",
        statements={key: str(grant) for key, grant in statements.items()},
        in_tenancy=True,
        awaited=True,
    )


def needed_services(settings: Settings) -> Sequence[str]:
    """OCI services that the settings imply or name."""
    storage = settings.storage
    copying = any(each.lifecycle or each.replicate for each in storage.buckets) or bool(_archives(settings))
    implied = {
        "object-storage": copying,
        "lustre": storage.lustre,
        "opensearch": settings.database.opensearch,
        "cluster-balancers": gateway_sets(settings.network.edge, settings.serving.platform),
    }
    return sorted({*(name for name, used in implied.items() if used), *settings.identity.services})


def _people(settings: Settings, context: Context, groups: Mapping[str, Group]) -> Mapping[str, Grant]:
    buckets = {
        what: [context.name(each.name) for each in settings.storage.buckets if each.for_developers == what]
        for what in ("read", "write")
    }
    deletion = settings.identity.storage_deletion

    def statements(role: str, compartment: str) -> Statements:
        if role == "administrators":
            return administrators_grants(groups[role], compartment, storage_deletion=deletion)
        if role == "operators":
            return operators_grants(groups[role], compartment, storage_deletion=deletion)
        return developers_grants(
            groups[role],
            compartment,
            environment=settings.environment,
            read=buckets["read"],
            written=buckets["write"],
        )

    def grant(role: str, description: str) -> Grant:
        ids = {"compartment": context.compartment_id}
        return Grant(
            description=description,
            statements=with_ids(lambda found: statements(role, found["compartment"]), ids),
        )

    return {role: grant(role, description) for role, description in USER_GROUPS.items()}


def _principals(
    settings: Settings, context: Context, principals: Mapping[str, DynamicGroup], ids: Ids
) -> Statements:
    compartment = ids["compartment"]
    models = [context.name(each.name) for each in settings.storage.buckets if each.name == MODEL_BUCKET]
    return {
        **nodes_grants(principals["nodes"], compartment, model_buckets=models),
        **node_pools_grants(compartment),
        **workloads_grants(principals["workloads"], compartment),
    }


def _services(settings: Settings, context: Context, ids: Ids) -> Statements:
    aging = [*(each.name for each in settings.storage.buckets if each.lifecycle), *_archives(settings)]
    buckets = [context.name(name) for name in aging]
    copied = [context.name(each.name) for each in settings.storage.buckets if each.replicate]
    needs = ServiceNeeds(
        compartment_id=ids["compartment"],
        region=context.region,
        lifecycle_buckets=buckets,
        replicated_buckets=[*copied, *(f"{name}{COPY_SUFFIX}" for name in copied)],
        second_region=settings.tenancy.second_region,
        linked_buckets=_linked_buckets(settings, context),
    )
    return service_grants(needed_services(settings), needs)


def _archives(settings: Settings) -> Sequence[str]:
    """The buckets that keep logs. Each has lifecycle rules."""
    return settings.observability.logs.archives if settings.observability.logs else ()


def _linked_buckets(settings: Settings, context: Context) -> Sequence[str]:
    links = settings.storage.lustre.links.values() if settings.storage.lustre else ()
    return sorted({context.name(link.bucket) for link in links})
