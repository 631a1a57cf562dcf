"""The file of `--limits`: what the account answered, and what is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from facts.problem import InvalidInput
from report.limits.account import AccountLimit, AccountLimits, answer_json, read_limits

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
GPUS = AccountLimit(
    name="gpu-mi300x-count",
    service="compute",
    scope="AD",
    domain="Uocm:US-ASHBURN-AD-1",
    needed=32,
    limit=40,
    used=8,
    available=32,
    quota=32,
)
ANSWER = {"stack": "prod", "ok": True, "checks": [], "problems": [], **answer_json([GPUS], NOW)}


def read(data: object) -> AccountLimits:
    return read_limits(json.dumps(data), "limits.json", "prod", NOW)


def refusal(data: object) -> str:
    with pytest.raises(InvalidInput) as error:
        read(data)
    return "\n".join(map(str, error.value.problems))


def with_row(**changes: object) -> dict[str, object]:
    return {**ANSWER, "limits": [{**GPUS.as_json(), **changes}]}


def test_what_preflight_writes_is_read_back():
    assert read(ANSWER) == AccountLimits(origin="account", at=NOW, limits=[GPUS])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"steps": []}, "must be the answer of `playground preflight STACK --json`"),
        ("limits", "must be the answer of `playground preflight STACK --json`"),
        ({**ANSWER, "stack": "staging"}, "stack: 'staging'; must be prod"),
        (
            {key: value for key, value in ANSWER.items() if key not in ("version", "at", "limits")},
            "version: missing; must be 1: the file is of another release",
        ),
        ({**ANSWER, "version": 2}, "version: 2; must be 1"),
        ({**ANSWER, "version": True}, "version: true; must be 1"),
        ({**ANSWER, "limits": {}}, "limits: {}; must be a list"),
        ({**ANSWER, "at": "yesterday"}, "must be a time with its zone"),
        ({**ANSWER, "at": (NOW + timedelta(hours=1)).isoformat()}, "must not be in the future"),
        (with_row(limit=-1), "limits[0].limit: -1; must be a whole number, 0 or more, or null"),
        (with_row(used="8"), "limits[0].used: '8'; must be a whole number"),
        (with_row(quota=1.5), "limits[0].quota: 1.5; must be a whole number"),
        (with_row(available=True), "limits[0].available: true; must be a whole number"),
        (with_row(limit=10**16), "must be a whole number"),
        (with_row(name=""), "limits[0].name: ''; must be the name of a limit"),
        (with_row(scope="ad"), "must be one of AD, REGION, GLOBAL"),
        (with_row(availabilityDomain=None), "must be the name of an availability domain"),
        (with_row(limits=3), "Did you mean `limit`?"),
        ({**ANSWER, "limits": [7]}, "limits[0]: 7; must be an object with name"),
        ([], "must have a limit or more"),
        ([{"limit": "vcn-count", "value": 3}], "must be a limit of the sandbox"),
        (
            [{"limit": "vcn-count", "value": -3, "region": "", "domain": "", "origin": "set"}],
            "[0].value: -3; must be a whole number",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(data: object, said: str):
    assert said in refusal(data)


@pytest.mark.parametrize("text", ["", '{"stack": "prod", "checks": [', "ok  the region: yes"])
def test_a_file_that_is_cut_off_or_not_json_is_refused(text: str):
    with pytest.raises(InvalidInput, match="must be whole JSON"):
        read_limits(text, "limits.json", "prod", NOW)


def test_the_list_of_the_sandbox_is_read_and_the_closest_place_applies():
    row = {"limit": "gpu-mi300x-count", "origin": "set"}
    found = read(
        [
            {**row, "value": 80, "region": "", "domain": "", "origin": "default"},
            {**row, "value": 16, "region": "us-ashburn-1", "domain": ""},
            {**row, "value": 8, "region": "us-ashburn-1", "domain": "Uocm:US-ASHBURN-AD-1"},
            {"limit": "hosts of X", "value": 1, "region": "", "domain": "", "origin": "capacity"},
        ]
    )

    def limit(domain: str, region: str) -> int | None:
        place = found.find("gpu-mi300x-count", domain, region)
        return place.limit if place else None

    assert limit("Uocm:US-ASHBURN-AD-1", "us-ashburn-1") == 8
    assert limit("Uocm:US-ASHBURN-AD-2", "us-ashburn-1") == 16
    assert limit("Uocm:EU-FRANKFURT-1-AD-1", "eu-frankfurt-1") == 80
    assert found.find("hosts of X", None, "us-ashburn-1") is None
