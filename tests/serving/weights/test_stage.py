"""Staging from a real S3-compatible server with the real rclone onto a real disk."""

import stat

import pytest

from serving.weights.node.disk import Room
from serving.weights.node.lease import take
from serving.weights.node.manifest import MANIFEST, BadManifest, ModelId
from serving.weights.node.remote import NotThere, Remote
from serving.weights.node.stage import Corrupt, Limits, NoRoom, stage

from .conftest import REVISION, whole

SMALL = ModelId("small", REVISION)
LIMITS = Limits(disk_share=0.99, streams=4, hashers=2)


def staged(store, bucket, wanted=SMALL, **options):
    with store.writing() as lock:
        return stage(store, Remote(bucket.name, held=(lock,)), wanted, **{"limits": LIMITS, **options})


def test_a_staged_model_is_complete_and_a_second_run_does_not_change_it(store, bucket):
    manifest = bucket.model()
    made = staged(store, bucket)
    assert made is not None
    assert made.size == manifest.size
    folder = store.models / SMALL.folder
    assert whole(folder, manifest)
    assert not list(store.partial.iterdir())
    assert staged(store, bucket) is None


def test_other_users_can_read_the_files_but_not_write_them(store, bucket):
    bucket.model()
    staged(store, bucket)
    paths = list((store.models / SMALL.folder).rglob("*"))
    assert paths
    for path in paths:
        mode = path.stat().st_mode
        assert mode & stat.S_IROTH, f"{path.name}: engines may run as another user"
        assert not mode & stat.S_IWOTH


def test_a_model_that_is_not_imported_yet_is_not_reported_as_an_error(store, bucket):
    with pytest.raises(NotThere):
        staged(store, bucket)
    assert not store.has(SMALL.folder)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("model-1.safetensors", b"\0" * 200_000),
        ("model-1.safetensors", b"short"),
        ("config.json", b'{"layers": 2}'),
        ("tokenizer/merges.txt", b""),
    ],
    ids=["same size, other bytes", "too short", "a small file", "empty"],
)
def test_a_corrupt_object_is_found_and_named_and_readers_never_see_the_model(store, bucket, path, content):
    bucket.model()
    bucket.put(f"{SMALL.prefix}/{path}", content)
    with pytest.raises(Corrupt, match=path):
        staged(store, bucket)
    assert not store.has(SMALL.folder)


def test_a_missing_object_is_found_and_named(store, bucket):
    bucket.model()
    bucket.remove(f"{SMALL.prefix}/model-2.safetensors")
    with pytest.raises(Corrupt, match=r"model-2\.safetensors"):
        staged(store, bucket)
    assert not store.has(SMALL.folder)


def test_after_the_repair_of_an_object_only_that_one_is_downloaded_again(store, bucket):
    manifest = bucket.model()
    right = bucket.get(f"{SMALL.prefix}/model-1.safetensors")
    bucket.put(f"{SMALL.prefix}/model-1.safetensors", right[:-1] + b"\0")
    with pytest.raises(Corrupt):
        staged(store, bucket)
    checked = store.partial / SMALL.folder / "checked"
    before = {path.name: path.stat().st_ino for path in checked.rglob("*.*")}
    assert len(before) == len(manifest.files) - 1
    bucket.put(f"{SMALL.prefix}/model-1.safetensors", right)
    staged(store, bucket)
    folder = store.models / SMALL.folder
    assert whole(folder, manifest)
    after = {path.name: path.stat().st_ino for path in folder.rglob("*.*")}
    assert before.items() <= after.items(), "checked files stay"


def test_an_old_file_of_full_length_with_wrong_bytes_is_not_trusted(store, bucket):
    manifest = bucket.model()
    incoming = store.partial / SMALL.folder / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "model-0.safetensors").write_bytes(b"\0" * 200_000)
    staged(store, bucket)
    assert whole(store.models / SMALL.folder, manifest)


def test_files_that_were_checked_against_another_list_are_deleted(store, bucket):
    bucket.model()
    bucket.put(f"{SMALL.prefix}/config.json", b"wrong")
    with pytest.raises(Corrupt):
        staged(store, bucket)
    again = bucket.model(size=100_000)
    staged(store, bucket)
    assert whole(store.models / SMALL.folder, again)


def test_the_list_of_another_model_is_refused(store, bucket):
    bucket.model("other")
    text = bucket.get(f"models/other/{REVISION}/{MANIFEST}")
    bucket.put(f"{SMALL.prefix}/{MANIFEST}", text)
    with pytest.raises(BadManifest, match="is of other"):
        staged(store, bucket)


# ---- disk space


class Disk:
    """A disk of a chosen size. Only the store uses it."""

    def __init__(self, size, others=0):
        self.size, self.others = size, others

    def __call__(self, root):
        used = sum(file.stat().st_size for file in root.rglob("*") if file.is_file())
        return Room(self.size, used + self.others)


def test_the_longest_unused_model_is_deleted_and_no_more_than_needed(store, bucket):
    for name in ("first", "second", "third"):
        bucket.model(name)
    disk = Disk(4_200_000)
    limits = Limits(disk_share=0.6, streams=4)
    for name in ("first", "second"):
        staged(store, bucket, ModelId(name, REVISION), limits=limits, room=disk)
    staged(store, bucket, ModelId("third", REVISION), limits=limits, room=disk)
    assert {model.name for model in store.kept()} == {
        f"{name}--{REVISION}" for name in ("first", "second", "third")
    }
    bucket.model("fourth")
    staged(store, bucket, ModelId("fourth", REVISION), limits=limits, room=disk)
    assert {model.name for model in store.kept()} == {
        f"{name}--{REVISION}" for name in ("second", "third", "fourth")
    }


@pytest.mark.parametrize("reason", ["leased", "wanted"])
def test_the_next_model_is_evicted_instead_of_a_leased_or_wanted_one(store, bucket, reason):
    for name in ("first", "second", "third"):
        bucket.model(name)
    disk = Disk(2_800_000)
    limits = Limits(disk_share=0.6, streams=4)
    for name in ("first", "second"):
        staged(store, bucket, ModelId(name, REVISION), limits=limits, room=disk)
    first = ModelId("first", REVISION).folder
    lease = take(store.models / first) if reason == "leased" else None
    keep = {first} if reason == "wanted" else set()
    staged(store, bucket, ModelId("third", REVISION), limits=limits, room=disk, keep=keep)
    assert store.has(first)
    assert not store.has(ModelId("second", REVISION).folder)
    assert lease is None or lease > 0


def test_if_everything_is_leased_the_disk_stays_below_its_limit_and_the_reason_is_reported(store, bucket):
    bucket.model("first")
    bucket.model("second")
    disk = Disk(1_500_000)
    limits = Limits(disk_share=0.6, streams=4)
    staged(store, bucket, ModelId("first", REVISION), limits=limits, room=disk)
    lease = take(store.models / ModelId("first", REVISION).folder)
    with pytest.raises(NoRoom, match="nobody leases or wants"):
        staged(store, bucket, ModelId("second", REVISION), limits=limits, room=disk)
    assert lease is not None
    assert disk(store.root).used <= 0.6 * disk.size


def test_files_of_others_on_the_disk_count(store, bucket):
    bucket.model()
    with pytest.raises(NoRoom):
        staged(store, bucket, limits=Limits(disk_share=0.6), room=Disk(10_000_000, others=5_500_000))


def test_a_partial_model_that_is_not_wanted_any_more_is_deleted(store, bucket):
    bucket.model()
    abandoned = store.partial / "abandoned--x" / "checked"
    abandoned.mkdir(parents=True)
    (abandoned / "big").write_bytes(b"\0" * 3_000_000)
    staged(store, bucket, limits=Limits(disk_share=0.6), room=Disk(4_000_000))
    assert store.has(SMALL.folder)
    assert not abandoned.exists()
