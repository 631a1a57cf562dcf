"""An environment in the cache belongs to the lock file of this checkout."""

from pathlib import Path

import pytest

from tools.locked import folder
from tools.oci_cli import build as oci_cli
from tools.traffic import build as traffic


@pytest.mark.parametrize("lock", [oci_cli.LOCK, traffic.LOCK])
def test_another_lock_file_has_another_folder(lock: Path, tmp_path: Path):
    newer = tmp_path / "requirements.lock"
    newer.write_bytes(lock.read_bytes() + b"# a hash changed\n")
    assert folder("parts", newer) != folder("parts", lock)
    assert folder("parts", newer).parent == folder("parts", lock).parent


@pytest.mark.parametrize("lock", [oci_cli.LOCK, traffic.LOCK])
def test_every_package_of_a_lock_has_a_pin_and_a_hash(lock: Path):
    packages = [each for each in lock.read_text().split("\n") if each and each[0] not in " #"]
    assert packages
    assert [each for each in packages if "==" not in each or not each.endswith("\\")] == []
