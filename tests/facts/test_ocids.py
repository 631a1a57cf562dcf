import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.ocids import Ocid, is_placeholder, parse_ocid
from facts.regions import REGIONS

UNIQUE = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=10, max_size=60)


def test_an_ocid_is_split_into_its_parts() -> None:
    assert parse_ocid("ocid1.subnet.oc1.eu-zurich-1.aaaabbbb") == Ocid(
        resource_type="subnet", realm="oc1", region="eu-zurich-1", unique="aaaabbbb"
    )


def test_an_ocid_of_the_tenancy_has_no_region() -> None:
    found = parse_ocid("ocid1.tenancy.oc1..aaaabbbb")
    assert found is not None
    assert found.region == ""


@given(region=st.sampled_from(sorted(REGIONS)), unique=UNIQUE)
def test_every_region_parses_by_name_and_by_key(region: str, unique: str) -> None:
    for written in (region, REGIONS[region].key):
        found = parse_ocid(f"ocid1.image.{REGIONS[region].realm}.{written}.{unique}")
        assert found is not None
        assert (found.region, found.unique) == (written, unique)


def test_the_future_use_part_is_accepted() -> None:
    found = parse_ocid("ocid1.cluster.oc1.iad..aaaabbbb")
    assert found is not None
    assert found.unique == "aaaabbbb"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ocid1",
        "ocid1.image",
        "ocid2.image.oc1.iad.aaaa",
        "ocid1.image.oc1.iad.",
        "ocid1.image.oc1.iad.a b",
        "ocid1.image.oc1.iad.aaaa\n",
        " ocid1.image.oc1.iad.aaaa",
        "ocid1.image.xx1.iad.aaaa",
    ],
)
def test_an_invalid_ocid_is_none(text: str) -> None:
    assert parse_ocid(text) is None


@given(st.text())
def test_any_text_is_parsed_or_refused_without_an_error(text: str) -> None:
    found = parse_ocid(text)
    assert found is None or text.endswith(found.unique)


@pytest.mark.parametrize("text", ["ocid1.image.oc1.iad.REPLACE-ME", "sha256:REPLACE-ME", "replace-me"])
def test_a_placeholder_is_recognized_in_upper_and_lower_case(text: str) -> None:
    assert is_placeholder(text)


def test_a_placeholder_ocid_is_valid() -> None:
    assert parse_ocid("ocid1.image.oc1.iad.REPLACE-ME") is not None, "else its message would be the wrong one"
    assert not is_placeholder("ocid1.image.oc1.iad.aaaa")
