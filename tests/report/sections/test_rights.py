"""The section of rights."""

from facts.prices import load_prices
from report.document.model import Document
from report.sections.rights import rights
from report.view import View
from tests.report.rights.parts import policy


def test_a_broad_grant_comes_first_and_fails() -> None:
    broad = "Allow group a to manage all-resources in tenancy"
    after = [policy("Allow group a to read logs in tenancy", broad, "Endorse any-user to use x in tenancy b")]
    found = rights(View(stack="test", prices=load_prices(), after=after))
    document = Document(stack="test", origin="", currency="USD", sections=[found])
    assert found.alarms == found.blocks[:2]
    assert document.failures(["broad-grant"]) == [
        f"broad-grant: {broad} (all resources; policy)",
        "broad-grant: Endorse any-user to use x in tenancy b (anyone, without a condition on who it is; policy)",
    ]
