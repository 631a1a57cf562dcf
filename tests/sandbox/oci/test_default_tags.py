"""Default tags on new resources, and the provider's option to leave tags of others alone."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as messages

from sandbox.oci.account import Account
from sandbox.oci.engine_values import encode
from tests.sandbox.oci.driver import COMPARTMENT, TENANCY, VCN, Driver, Made

REGION = "us-ashburn-1"
CREATOR, OURS = "our-tenancy.CreatedBy", {"prod-genai.Owner": "team"}
NAMESPACE, KEY, DEFAULT = (
    f"oci:Identity/{name}:{name[0].upper()}{name[1:]}" for name in ("tagNamespace", "tag", "tagDefault")
)


def default(driver: Driver, compartment: str, value: str, **inputs: Any) -> None:
    """A default of the key of creators in a compartment."""
    name, key = CREATOR.split(".")
    known = next((each.id for each in driver.cloud.all(KEY)), None)
    if known is None:
        space = driver.create(NAMESPACE, compartmentId=TENANCY, name=name, description="d")
        known = driver.create(KEY, tagNamespaceId=space.id, name=key, description="d").outputs["id"]
    driver.create(
        DEFAULT, compartment, compartmentId=compartment, tagDefinitionId=known, value=value, **inputs
    )


def ignoring(driver: Driver, *tags: str) -> None:
    """The provider leaves these tags alone. The engine passes the list as JSON."""
    driver.configure(region=REGION, tenancyOcid=TENANCY, ignoreDefinedTags=json.dumps(tags))


def tagged(driver: Driver, name: str = "it") -> Made:
    return driver.vcn(name, definedTags=OURS)


def test_a_new_resource_gets_the_defaults_of_the_root_compartment_with_their_variables(
    driver: Driver,
) -> None:
    before = tagged(driver, "before")
    default(driver, TENANCY, "${iam.principal.type} ${iam.principal.name}")
    assert tagged(driver).outputs["definedTags"] == {**OURS, CREATOR: "user sandbox"}
    read = driver.read(before)
    assert read
    assert read.outputs["definedTags"] == OURS, "what exists already stays as it is"


def test_the_default_of_a_lower_compartment_and_a_given_value_win(driver: Driver) -> None:
    default(driver, TENANCY, "root")
    default(driver, COMPARTMENT, "below")
    assert tagged(driver).outputs["definedTags"][CREATOR] == "below"
    given = driver.vcn("given", definedTags={CREATOR.upper(): "me"}).outputs["definedTags"]
    assert given == {CREATOR.upper(): "me"}


def test_without_the_option_the_next_preview_removes_the_tag_and_the_next_update_too(driver: Driver) -> None:
    default(driver, TENANCY, "x")
    made = tagged(driver)
    assert driver.diff(made, **made.inputs).paths == {f'definedTags["{CREATOR}"]': "DELETE"}
    assert driver.update(made, **made.inputs).outputs["definedTags"] == OURS


def test_with_the_option_there_is_no_difference_and_an_update_keeps_the_tag(driver: Driver) -> None:
    default(driver, TENANCY, "x")
    ignoring(driver, CREATOR.upper())
    made = tagged(driver)
    assert not driver.diff(made, **made.inputs).paths
    wanted = {**made.inputs, "definedTags": {"prod-genai.Owner": "others"}}
    assert driver.diff(made, **wanted).paths == {'definedTags["prod-genai.Owner"]': "UPDATE"}
    changed = driver.update(made, **wanted)
    assert changed.outputs["definedTags"] == {"prod-genai.Owner": "others", CREATOR: "x"}
    assert not driver.diff(changed, **wanted).paths


def test_a_resource_that_the_program_does_not_tag_never_differs(driver: Driver) -> None:
    default(driver, TENANCY, "x")
    made = driver.vcn()
    assert made.outputs["definedTags"] == {CREATOR: "x"}
    assert not driver.diff(made, **made.inputs).paths


def test_a_client_that_sends_no_tags_keeps_them(driver: Driver) -> None:
    default(driver, TENANCY, "x")
    made = tagged(driver)
    client = Account(REGION, TENANCY, connected=True)
    operations = driver.provider.operations
    shown = operations.update(client, VCN, "", made.id, lambda entry: {**entry.inputs, "displayName": "new"})
    assert shown.outputs["definedTags"] == {**OURS, CREATOR: "x"}
    shown = operations.update(
        replace(client), VCN, "", made.id, lambda entry: {**entry.inputs, "definedTags": {"a": {"b": "c"}}}
    )
    assert shown.outputs["definedTags"] == {"a": {"b": "c"}}


@pytest.mark.parametrize(("count", "failures"), [(100, []), (101, ["ignoreDefinedTags"])])
def test_a_provider_ignores_100_tags_at_most(driver: Driver, count: int, failures: list[str]) -> None:
    news = encode({"region": REGION, "ignoreDefinedTags": json.dumps([f"a.k{n}" for n in range(count)])})
    answer = driver.provider.CheckConfig(messages.CheckRequest(news=news), None)
    assert [each.property for each in answer.failures] == failures
