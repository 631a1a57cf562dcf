"""DNS labels of new subnets in an existing VCN, which OCI requires to be unique in it."""

import re

from components.network.cidr_plan import BASTION, ROLES
from infra.layers.network import subnet_labels

EVERY = (*ROLES, BASTION)


def test_each_role_of_each_environment_has_its_own_label() -> None:
    """The second and third names are the same in their first 11 letters."""
    environments = ("qa", "production-us-east", "production-us-west", "production-eu")
    labels = [label for each in environments for label in subnet_labels(each, EVERY).values()]
    assert len({*labels}) == len(environments) * len(EVERY)
    assert [each for each in labels if not re.fullmatch("[a-z][a-z0-9]{0,14}", each)] == []


def test_a_short_name_is_readable_in_the_label() -> None:
    assert subnet_labels("prod-eu", ["gpu", "loadbalancers"]) == {
        "gpu": "gpuprodeu",
        "loadbalancers": "loadprodeu",
    }
