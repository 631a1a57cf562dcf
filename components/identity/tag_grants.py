"""Who may give resources the defined tags of an environment.

Source: Oracle's page "Additional IAM Policy when a Cluster and a Tag Namespace are in Different Compartments"
(ContEng/Tasks/contengtaggingclusterresources_iam-tag-namespace-policy.htm), and the refusal of a principal without it:
"The following tag namespaces / keys are not authorized or not found".
"""

from collections.abc import Mapping

from facts.policies import All, Anyone, DynamicGroup, Group, Place, Statement, Test

Statements = Mapping[str, Statement]

TAGGING_ROLES = ("administrators", "operators")
"""The groups of people that create or restart what has tags."""

_SERVICES = ("cluster", "nodepool")
"""Resource principals that create nodes, balancers and volumes with tags."""


def tag_grants(
    namespace: str,
    place: Place,
    compartment_id: str,
    *,
    groups: Mapping[str, Group],
    workloads: DynamicGroup | None,
) -> Statements:
    """Use one tag namespace. `place` contains the namespace, and the compartment contains the clusters."""
    named = Test("target.tag-namespace.name", namespace)

    def grant(subject: Group | DynamicGroup) -> Statement:
        return Statement(
            subject=subject, verb="use", resource="tag-namespaces", place=place, where=All((named,))
        )

    people = {f"{role} tag": grant(groups[role]) for role in TAGGING_ROLES if role in groups}
    functions = {"workloads tag": grant(workloads)} if workloads else {}
    services = {
        f"{principal}s tag": Statement(
            subject=Anyone(),
            verb="use",
            resource="tag-namespaces",
            place=place,
            where=All(
                (
                    Test("request.principal.type", principal),
                    Test("request.principal.compartment.id", compartment_id),
                    named,
                )
            ),
        )
        for principal in _SERVICES
    }
    return {**people, **functions, **services}
