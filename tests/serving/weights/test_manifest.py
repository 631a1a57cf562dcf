"""The list of a model's files, and lists that are refused."""

import json

import pytest

from serving.weights.node.manifest import BadManifest, Manifest, ModelId, WeightFile, read_manifest

GOOD = Manifest("small", "a" * 40, "someone/small", (WeightFile("b.safetensors", 5, "0" * 64),))
WANTED = ModelId("small", "a" * 40)


def changed(**changes):
    document = json.loads(GOOD.text())
    file = document["files"][0]
    for key, value in changes.items():
        target = file if key in file else document
        target[key] = value
    return json.dumps(document)


def test_a_list_is_read_as_it_was_written():
    assert read_manifest(GOOD.text(), WANTED) == GOOD
    assert GOOD.size == 5


def test_the_order_of_files_does_not_change_the_text():
    two = (*GOOD.files, WeightFile("a.json", 1, "1" * 64))
    lists = [Manifest("small", "a" * 40, "someone/small", files) for files in (two, two[::-1])]
    assert lists[0].text() == lists[1].text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no list of files"),
        ('{"files": ', "no list of files"),
        ("[]", "no list of files"),
        ("{}", "no list of files"),
        (changed(format=2), "format 2"),
        (changed(model="other"), "is of other"),
        (changed(revision="b" * 40), "is of small at bbb"),
        (changed(files=[]), "names no file"),
        (changed(files=[vars(GOOD.files[0])] * 2), "twice"),
        (changed(path="/etc/passwd"), "no path below"),
        (changed(path="../other/x"), "no path below"),
        (changed(path="a/../../x"), "no path below"),
        (changed(path="a//b"), "no path below"),
        (changed(path=""), "no path below"),
        (changed(path="two\nlines"), "no path below"),
        (changed(path=".manifest.json"), "no path below"),
        (changed(size=-1), "the size -1"),
        (changed(size="5"), "the size '5'"),
        (changed(sha256="abc"), "the checksum 'abc'"),
        (changed(sha256="G" * 64), "the checksum"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused_with_its_reason(text, words):
    with pytest.raises(BadManifest, match=words):
        read_manifest(text, WANTED)
