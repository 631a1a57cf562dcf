"""The OCI CLI in the cache belongs to the lock file of this checkout."""

from pathlib import Path

from tools.oci_cli.build import LOCK, folder


def test_another_lock_file_has_another_folder(tmp_path: Path):
    newer = tmp_path / "requirements.lock"
    newer.write_bytes(LOCK.read_bytes() + b"# a hash changed\n")
    assert folder() == folder(LOCK)
    assert folder(newer) != folder(LOCK)
    assert folder(newer).parent == folder(LOCK).parent
