"""A proxy of the user carries no connection to this machine. Otherwise the engine does not reach the program."""

import os
import sys
import urllib.request

import pytest

from facts.loopback import direct
from genai_playground import commands


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "corp.example"}, "corp.example,127.0.0.1,localhost,::1"),
        ({"no_proxy": "corp.example, localhost"}, "corp.example,localhost,127.0.0.1,::1"),
        ({"no_proxy": "*"}, "*"),
        ({"NO_PROXY": "", "no_proxy": "a"}, "a,127.0.0.1,localhost,::1"),
    ],
)
def test_both_spellings_name_this_machine_and_the_users_hosts(
    own: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert direct(own) == {"NO_PROXY": told, "no_proxy": told}
    monkeypatch.setattr(os, "environ", {"no_proxy": told, "http_proxy": "http://proxy"})
    assert all(urllib.request.proxy_bypass(host) for host in ("127.0.0.1:80", "localhost"))


def test_grpcs_own_variable_is_set_only_if_the_user_has_it() -> None:
    found = direct({"no_grpc_proxy": "a", "NO_PROXY": "b"})
    assert found["no_grpc_proxy"] == "a,127.0.0.1,localhost,::1"
    assert found["no_proxy"] == "b,127.0.0.1,localhost,::1"


@pytest.mark.parametrize("command", ["sandbox", "playground"])
def test_every_command_sets_them_for_itself_and_its_processes(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"no_proxy": "a"})
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(f"{'sandbox' if command == 'sandbox' else 'infra.commands'}.cli.main", lambda: None)
    getattr(commands, command)()
    assert os.environ["NO_PROXY"] == "a,127.0.0.1,localhost,::1"
