import pytest

from facts.wording import plural


@pytest.mark.parametrize(
    ("noun", "count", "said"),
    [
        ("subnet", 1, "1 subnet"),
        ("subnet", 0, "0 subnets"),
        ("node", 4.0, "4 nodes"),
        ("node", 1.0, "1 node"),
        ("policy", 2, "2 policies"),
        ("gateway", 2, "2 gateways"),
        ("address", 3, "3 addresses"),
    ],
)
def test_a_noun_gets_its_plural(noun: str, count: float, said: str) -> None:
    assert plural(noun, count) == said
