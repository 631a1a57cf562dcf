"""Addresses of web servers: every text is judged, and none ends in an error of the URL parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.boot_script import boot_problems
from components.identity.identity_domain import domain_problems
from components.observability.notification_topic import subscription_problems
from facts.web_addresses import split_address


@pytest.mark.parametrize(
    "text",
    [
        "https://idcs-0a.identity.oraclecloud.com:443",
        "https://mirror.example/a/b?c=d",
        "https://10.0.0.7:8443/",
        "https://[fd00::7]:443/x",
        "https://localhost",
        "https://idcs-REPLACE-ME.identity.oraclecloud.com:443",
    ],
)
def test_an_address_is_accepted(text: str):
    assert split_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://",
        "https:///x",
        "https:x",
        "http://mirror.example",
        "HTTPS://mirror.example",
        "mirror.example",
        "https://[x",
        "https://[x]",
        "https://[fd00::zz]/",
        "https://a..b",
        "https://-a.example",
        "https://a_b.example",
        *("https://a.example:x1", "https://a.example:99999", "https://a.example:0", "https://a b.example"),
        " https://a.example",
        "https://a.example ",
        "https://a.example/x y",
        "https://a.example\n",
        "https://a.ex\tample",
        "https://\u00e4.example",
        "https://a.example/\u00e4",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 130}b",
    ],
)
def test_a_text_that_is_not_an_address_is_refused(text: str):
    assert split_address(text) is None


@given(st.text("https:/[]@.:a1 \n", max_size=30).map("https://".__add__) | st.text(max_size=30))
def test_every_text_is_judged(text: str):
    split_address(text)
    for problems in (
        domain_problems("Default", text, path="p"),
        subscription_problems("CUSTOM_HTTPS", text, path="p"),
        boot_problems(10, 8, text, path="p"),
    ):
        assert len([*problems]) == 1 or split_address(text), text


def test_the_address_of_a_domain_has_no_path():
    for text in ("https://idcs.example/ui", "https://idcs.example:443?x=y", "https://idcs.example#x"):
        assert [each.path for each in domain_problems("Default", text, path="p")] == ["p.endpoint"]
    assert not [*domain_problems("Default", "https://idcs.example:443/", path="p")]


@pytest.mark.parametrize("name", ["", " ", "O'Hara", "a/b", "Default ", " Default"])
def test_the_name_of_a_domain_can_be_quoted_in_a_statement(name: str):
    assert [each.path for each in domain_problems(name, None, path="p")] == ["p.name"]
