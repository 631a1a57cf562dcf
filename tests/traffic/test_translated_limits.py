"""The whole path with Envoy Gateway's own translation: the real rate limit service counts by its descriptors."""

import time
from collections.abc import Iterator

import pytest

from tests.serving.gateway.args import tenant
from tests.traffic.parts import translated_envoy
from tests.traffic.parts.fleet import MODEL
from tests.traffic.parts.path import WholePath, args_for, whole_path
from tests.traffic.parts.times import within_a_minute

pytestmark = [pytest.mark.prove, pytest.mark.egctl, pytest.mark.rate_limit]

KEYS = {"research.1": "sk-marker-key", "writers.1": "sk-marker-key-writers"}
QUOTA, TOKENS, ANSWER = 4, 100, 60


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholePath]:
    args = args_for(
        tenants=[
            tenant("research", models=[MODEL], requests_per_minute=QUOTA),
            tenant("writers", models=[MODEL], tokens_per_minute=TOKENS),
        ]
    )
    folder = tmp_path_factory.mktemp("path")
    with whole_path(folder, args, KEYS, engines=1, configured=translated_envoy.configuration) as made:
        yield made


def test_requests_above_a_tenants_limit_get_429_with_a_time_to_retry(path: WholePath) -> None:
    within_a_minute(10)
    answers = [path.gate.ask(KEYS["research.1"]) for _ in range(QUOTA + 1)]
    assert [each.status for each in answers] == [200] * QUOTA + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_the_tokens_of_answers_are_counted(path: WholePath) -> None:
    within_a_minute(10)
    passed = 0
    while path.gate.ask(KEYS["writers.1"], max_tokens=ANSWER).status == 200:
        passed += 1
        assert passed <= TOKENS // ANSWER + 2
        # The service counts after the client has the answer.
        time.sleep(0.2)
    assert passed * (ANSWER + 10) > TOKENS, "a request passes while a token is left"
