"""`playground call` with a wrong --url or --timeout: refused before the vault is read, and without secrets."""

import pytest
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.project.stackfile import ROOT

SECRET = "marker-key-4711"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    # Without it, the key is in the vault, for which there is no login here.
    monkeypatch.delenv("PLAYGROUND_API_KEY", raising=False)
    monkeypatch.chdir(ROOT)


def call(url: str, *words: str) -> Result:
    given = ["call", "prod", "qwen3-32b", "Hello", "--tenant", "batch", "--url", url, *words]
    return CliRunner().invoke(main, given)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (f"https://me:{SECRET}@models.example.com/v1", "'[hidden]'; must not have a user or a password"),
        (f"ftp://me:{SECRET}@models.example.com", "'[hidden]'; must be http or https"),
        (f"https://127.0.0.1:8443?key={SECRET}", "'[hidden]'; must be http or https"),
        (f"https://127.0.0.1:8443/#{SECRET}", "'[hidden]'; must be http or https"),
        ("https://[::1", "'https://[::1'; must be http or https"),
        ("https://a..b", "'https://a..b'; must be http or https"),
        ("http://127.0.0.1:0", "'http://127.0.0.1:0'; must be http or https"),
    ],
)
def test_a_wrong_address_is_refused_before_the_vault_is_read(url: str, message: str):
    found = call(url)
    assert found.exit_code == 1
    assert f"--url: {message}" in found.output
    assert SECRET not in found.output


def test_a_time_limit_that_is_no_number_is_wrong_usage():
    found = call("https://127.0.0.1:8443", "--timeout", "nan")
    assert found.exit_code == 2
    assert "nan is not a number of seconds" in found.output
