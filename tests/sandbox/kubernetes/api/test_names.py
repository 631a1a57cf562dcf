"""Names, keys and lists with keys, checked as Kubernetes 1.36 does it (apimachinery, util/validation)."""

import pytest

from sandbox.kubernetes.api.fields.names import qualified, unique


@pytest.mark.parametrize(
    ("items", "doubled"),
    [
        ([{"name": "a"}, {"name": "b"}], []),
        ([{"name": "a"}, {"name": "a"}], ["x[1].name"]),
        ([{}, {"name": None}, {}], []),
        ([{}, {"name": "None"}], []),
        (["text", {"name": "None"}, {"name": "None"}], ["x[2].name"]),
    ],
)
def test_items_with_the_same_key_are_duplicates(items, doubled):
    assert [each.partition(":")[0] for each in unique(items, "name", "x")] == doubled


@pytest.mark.parametrize("domain", ["A.com", "a: b: c: d", "a..b"])
def test_a_prefix_is_refused_with_the_reason_alone(domain):
    (said,) = qualified(f"{domain}/name", "x")
    assert said == (
        f'x: Invalid value: "{domain}/name": prefix part a lowercase RFC 1123 subdomain must consist of lower case '
        "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
        "'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*"
        "[a-z0-9])?)*')"
    )


def test_each_problem_of_a_prefix_is_named():
    assert ["prefix part must be" in each for each in qualified("/name", "x")] == [True]
    long, ill = qualified(f"{'A' * 254}/name", "x")
    assert long.endswith("prefix part must be no more than 253 characters")
    assert "prefix part a lowercase RFC 1123" in ill
