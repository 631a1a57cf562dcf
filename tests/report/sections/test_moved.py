"""What a change opens and closes, and which rights it gives and takes."""

from dataclasses import replace
from typing import Any, cast

from facts.prices import load_prices
from report.document.model import Section
from report.resources import UNKNOWN, Resource
from report.sections.moved import reach_moved, rights_moved
from report.view import View
from tests.report.sections.test_reach import made, public_api, standing

RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
POLICY = "oci:Identity/policy:Policy"


def view(before: list[Resource], after: list[Resource]) -> View:
    return View(stack="staging", prices=load_prices(), before=before, after=after)


def rows(found: Section, key: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", found.data[key])


def without(resources: list[Resource], ends: str) -> list[Resource]:
    left = [each for each in resources if not each.name.endswith(ends)]
    assert len(left) < len(resources)
    return left


def test_nothing_moves_between_two_equal_moments() -> None:
    staging = standing("staging")
    for section in (reach_moved(view(staging, staging)), rights_moved(view(staging, staging))):
        assert not any(value for key, value in section.data.items())
        assert len(section.blocks) == 1


def test_a_new_way_from_the_internet_is_the_alarm_and_goes_away_as_closed() -> None:
    private, public = standing("staging"), public_api("0.0.0.0/0")
    opened = reach_moved(view(private, public))
    assert opened.failures["open-to-internet"]
    assert [each["change"] for each in rows(opened, "internet")] == ["opened"]
    closed = reach_moved(view(public, private))
    assert not closed.failures["open-to-internet"]
    assert [each["change"] for each in rows(closed, "internet")] == ["closed"]


def test_what_is_not_known_yet_is_not_called_closed() -> None:
    staging = standing("staging")
    later = [
        replace(each, id=None, inputs=dict.fromkeys(each.inputs, UNKNOWN), outputs={})
        if each.type == RULE
        else each
        for each in staging
    ]
    found = reach_moved(view(staging, later))
    assert found.data["unknownCount"]
    assert found.data["closed"] == []
    assert "Not known before up" in str(found.blocks[0])


def test_a_statement_that_comes_and_goes_is_given_and_taken() -> None:
    staging = standing("staging")
    text = "Allow group auditors to manage all-resources in tenancy"
    more = [*staging, made(POLICY, statements=[text])]
    given = rights_moved(view(staging, more))
    assert [each["who"] for each in rows(given, "given")] == ["group auditors of the tenancy"]
    assert given.failures["broad-grant"]
    taken = rights_moved(view(more, staging))
    assert [each["who"] for each in rows(taken, "taken")] == ["group auditors of the tenancy"]
    assert not taken.failures["broad-grant"]


def test_a_binding_whose_namespace_is_not_known_yet_neither_gives_nor_takes() -> None:
    staging = standing("staging")
    later = [
        replace(each, inputs={**each.inputs, "metadata": {"namespace": UNKNOWN}})
        if each.type.endswith(":RoleBinding")
        else each
        for each in staging
    ]
    assert later != staging
    found = rights_moved(view(staging, later))
    assert (rows(found, "given"), rows(found, "taken")) == ([], [])
    assert found.data["knownLater"]


def test_a_port_that_changes_is_one_row_with_both() -> None:
    staging = standing("staging")
    rule = next(
        each
        for each in staging
        if each.type == RULE
        and "postgres" in str(each.inputs).lower()
        and each.inputs["direction"] == "INGRESS"
    )
    options = {"destinationPortRange": {"min": 5432, "max": 5433}}
    other = replace(rule, inputs={**rule.inputs, "tcpOptions": options})
    found = reach_moved(view(staging, [other if each is rule else each for each in staging]))
    assert {key: len(rows(found, key)) for key in ("opened", "closed")} == {"opened": 0, "closed": 0}
    assert all(" → " in each["ports"] for each in rows(found, "ports"))
