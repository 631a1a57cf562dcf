"""The sandbox's own files, created at the first start."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest

from sandbox.home import Home


def test_first_starts_at_the_same_moment_agree_on_one_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, generate = Home(tmp_path / "home", tmp_path), secrets.token_urlsafe

    def slowly(length: int) -> str:
        time.sleep(0.1)
        return generate(length)

    def start(_: int) -> str:
        home.prepare()
        return home.passphrase.read_text()

    monkeypatch.setattr(secrets, "token_urlsafe", slowly)
    with ThreadPoolExecutor(4) as starting:
        read = set(starting.map(start, range(4)))
    assert len(read) == 1
    assert S_IMODE(home.passphrase.stat().st_mode) == 0o600
