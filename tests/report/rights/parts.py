"""Resources of a small stack with grants."""

from collections.abc import Mapping, Sequence

from report.resources import Resource

HERE = "ocid1.compartment.oc1..here"
TENANCY = "ocid1.tenancy.oc1..root"


def made(type_: str, name: str, inputs: Mapping[str, object], id_: str | None = None) -> Resource:
    urn = f"urn:pulumi:test::genai-playground::{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, id=id_, inputs=inputs, outputs={})


def policy(*statements: object, name: str = "policy") -> Resource:
    return made("oci:Identity/policy:Policy", name, {"compartmentId": HERE, "statements": list(statements)})


def group(name: str) -> Resource:
    return made("oci:Identity/group:Group", f"{name}-group", {"name": name}, f"ocid1.group.oc1..{name}")


def dynamic_group(name: str, rule: str) -> Resource:
    return made(
        "oci:Identity/dynamicGroup:DynamicGroup", f"{name}-group", {"name": name, "matchingRule": rule}
    )


def role(name: str, rules: Sequence[Mapping[str, object]], namespace: str = "serving") -> Resource:
    kind = "Role" if namespace else "ClusterRole"
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return made(
        f"kubernetes:rbac.authorization.k8s.io/v1:{kind}", name, {"metadata": metadata, "rules": rules}
    )


def binding(name: str, role_kind: str, role_name: str, *subjects: Mapping[str, object]) -> Resource:
    return made(
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        name,
        {
            "metadata": {"name": name, "namespace": "serving"},
            "roleRef": {"kind": role_kind, "name": role_name},
            "subjects": subjects,
        },
    )
