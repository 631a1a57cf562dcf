import pytest

from facts.replaced_objects import IDENTITY, replacing_fields


@pytest.mark.parametrize(
    ("group", "kind", "path"),
    [
        ("", "Service", "spec.clusterIP"),
        ("core", "Service", "spec.clusterIP"),
        ("", "Pod", "spec.initContainers[*].image"),
        ("apps", "StatefulSet", "spec.volumeClaimTemplates"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding", "roleRef"),
    ],
)
def test_a_field_that_cannot_change_in_place_replaces_the_object(group: str, kind: str, path: str) -> None:
    assert path in replacing_fields(group, kind)


def test_an_object_of_another_group_is_replaced_only_for_its_name_and_namespace() -> None:
    assert replacing_fields("example.com", "Service") == IDENTITY


def test_data_replaces_a_config_map_or_secret_unless_the_provider_changes_them_in_place() -> None:
    assert "data" in replacing_fields("", "ConfigMap")
    assert "data" in replacing_fields("", "Secret")
    assert replacing_fields("", "ConfigMap", config_map_mutable=True) == IDENTITY
    assert replacing_fields("", "Secret", secret_mutable=True) == (*IDENTITY, "type")


def test_data_replaces_an_immutable_config_map_or_secret_always() -> None:
    assert "data" in replacing_fields("", "ConfigMap", immutable=True, config_map_mutable=True)
    assert "data" in replacing_fields("", "Secret", immutable=True, secret_mutable=True)
