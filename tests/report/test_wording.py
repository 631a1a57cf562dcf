import pytest

from report.wording import money, signed, words


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("oci:Core/vcn:Vcn", "VCN"),
        ("pulumi:providers:oci", "oci provider"),
        ("oci:Core/routeTable:RouteTable", "route table"),
        ("oci:Budget/rule:Rule", "budget rule"),
        ("oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule", "security rule"),
        ("kubernetes:policy/v1:PodDisruptionBudget", "PodDisruptionBudget"),
    ],
)
def test_a_type_has_a_name_in_words(token: str, said: str) -> None:
    assert words(token) == said


def test_cents_are_shown_only_in_small_amounts() -> None:
    assert money(35_040.4, "USD") == "35,040 USD"
    assert money(12.5, "EUR") == "12.50 EUR"
    assert money(0, "USD") == "0 USD"
    assert [signed(amount, "USD") for amount in (5000, -12.5, 0.001)] == [
        "+5,000 USD",
        "-12.50 USD",
        "no change",
    ]
