"""Nested values as paths, and what differs between two of them."""

import pytest

from report.differences.flat import Row, flat, rows
from report.resources import SECRET, UNKNOWN


def test_lists_with_names_are_keyed_by_them():
    pools = [{"name": "a", "nodes": 1}, {"name": "b.c", "nodes": 2}]
    assert flat({"pools": pools, "cidrs": ["x", "y"], "logs": {}}) == {
        "pools[a].name": "a",
        "pools[a].nodes": 1,
        "pools[b.c].name": "b.c",
        "pools[b.c].nodes": 2,
        "cidrs": ["x", "y"],
        "logs": {},
    }


@pytest.mark.parametrize("entries", [[{"nodes": 1}, {"nodes": 2}], [{"name": "a"}, {"name": "a"}]])
def test_lists_without_own_names_are_keyed_by_index(entries: list[object]):
    assert [path.split(".")[0] for path in flat({"pools": entries})] == ["pools[0]", "pools[1]"]


def found(first: object, second: object) -> list[Row]:
    return rows(flat(first), flat(second))


def test_a_changed_value_is_shown_as_yaml_has_it():
    (row,) = found({"a": {"on": True, "n": 1}}, {"a": {"on": False, "n": 1}})
    assert (row.path, row.shown, row.values) == ("a.on", ("true", "false"), (True, False))
    assert rows({"nodes": 1.0}, {"nodes": 2.5})[0].shown == ("1", "2.5")


def test_a_whole_part_that_one_side_lacks_is_one_row():
    (row,) = found(
        {"pools": [{"name": "a", "n": 1}]}, {"pools": [{"name": "a", "n": 1}, {"name": "b.c", "n": 2}]}
    )
    assert (row.path, row.shown) == ("pools[b.c]", ("not set", "2 values"))
    assert row.values == (None, {"pools[b.c].name": "b.c", "pools[b.c].n": 2})


def test_one_value_that_one_side_lacks_keeps_its_own_path():
    (row,) = found({"a": {"b": 1}, "x": 1}, {"x": 1})
    assert (row.path, row.shown, row.values) == ("a.b", ("1", "not set"), (1, None))


def test_an_empty_part_and_a_filled_one_differ_in_the_content_only():
    (row,) = found({"logs": {}}, {"logs": {"days": 30}})
    assert (row.path, row.shown) == ("logs.days", ("not set", "30"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"password": "one-of-them"}, {"password": "the-other"}),
        ({"env": [{"name": "API_TOKEN", "value": "one"}]}, {"env": [{"name": "API_TOKEN", "value": "two"}]}),
        ({"note": "ghp_" + "a1" * 18}, {"note": "ghp_" + "b2" * 18}),
    ],
)
def test_a_secret_differs_but_is_never_shown(first: object, second: object):
    (row,) = found(first, second)
    assert row.shown == row.values == (SECRET, SECRET)


def test_an_unknown_value_is_said_and_not_guessed():
    (row,) = found({"id": "x"}, {"id": UNKNOWN})
    assert (row.shown, row.values) == (("x", "known later"), ("x", "known later"))
