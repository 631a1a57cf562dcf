"""The picture of an architecture, from data: what it draws, and that hostile or long names break nothing."""

from collections.abc import Mapping
from xml.etree import ElementTree

from report.drawing.architecture import architecture
from report.drawing.svg import svg
from tests.support.drawings import faults, labels_of

HOSTILE = "</svg><script>alert(1)</script>"


def place(number: int, kind: str, name: str = "", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "name": name or kind,
        "kind": kind,
        "public": False,
        "lines": [],
        "zones": [],
        "gpus": 0,
    } | more


def subnet(
    *places: Mapping[str, object], name: str = "subnet", public: bool | None = False
) -> dict[str, object]:
    return {"name": name, "cidr": "10.0.0.0/24", "public": public, "places": [*places]}


def data(*subnets: Mapping[str, object], connections: tuple[tuple[int, int], ...] = ()) -> dict[str, object]:
    return {
        "internet": 0,
        "regional": 1,
        "vcns": [
            {"name": "network", "cidrs": ["10.0.0.0/16"], "gateways": ["internet"], "subnets": [*subnets]}
        ],
        "services": [{"name": "Vault", "lines": [f"key {number}" for number in range(12)]}],
        "connections": [{"from": first, "to": second} for first, second in connections],
        "operators": True,
    }


EDGE = subnet(place(2, "edge", public=True, lines=["ports 443"]), place(3, "bastion"), public=True)
NODES = subnet(place(4, "worker", zones=["AD-1", "AD-2", "AD-3"], gpus=8), place(5, "pod"))
BASES = subnet(*(place(number, "postgresql", f"database {number}") for number in range(6, 14)))


def test_arrows_in_every_direction_cross_no_text() -> None:
    ways = (
        (0, 2),
        (0, 4),
        (2, 5),
        (3, 4),
        (5, 0),
        (5, 1),
        (4, 6),
        (5, 4),
        (13, 2),
        *((5, end) for end in range(6, 14)),
    )
    drawing = architecture(data(EDGE, NODES, BASES, connections=ways))
    assert len(drawing.arrows) == len(ways) + 1, "and that of the operators to the bastion"
    assert faults(drawing) == []


def test_an_empty_stack_is_drawn() -> None:
    drawing = architecture(data() | {"vcns": [], "services": [], "operators": False})
    assert faults(drawing) == []
    assert "Internet" in {each.text for each in labels_of(drawing)}


def test_long_and_foreign_names_stay_in_their_boxes() -> None:
    names = ["x" * 300, "漢字" * 50, "two words " * 30, HOSTILE * 5]
    places = [place(number, "pod", name, lines=names) for number, name in enumerate(names, 2)]
    assert faults(architecture(data(subnet(*places, name="n" * 200)))) == []


def test_names_are_escaped_and_cut_ones_keep_their_whole_text() -> None:
    text = svg(
        architecture(data(subnet(place(2, "pod", HOSTILE * 5), name="<&\"'"))),
        path="architecture",
        alone=True,
    )
    root = ElementTree.fromstring(text)  # noqa: S314  our own text
    assert "script" not in {each.tag.rpartition("}")[2] for each in root.iter()}
    titles = [each.text or "" for each in root.iter() if each.tag.endswith("title")]
    assert any(each.startswith(HOSTILE) for each in titles)


def test_gpus_public_places_and_zones_are_marked() -> None:
    drawing = architecture(data(EDGE, NODES))
    styles = {box.labels[0].text: box.style for box in drawing.boxes if box.labels}
    assert (styles["worker"], styles["edge"], styles["pod"]) == ("gpu", "open", "item")
    assert [box.labels[0].text for box in drawing.boxes if box.style == "zone"] == ["AD-1", "AD-2", "AD-3"]
    assert "8 GPUs" in {each.text for each in labels_of(drawing)}


def test_the_same_data_gives_the_same_picture() -> None:
    given = data(EDGE, NODES, BASES, connections=((0, 2), (5, 6)))
    assert svg(architecture(given)) == svg(architecture(given))
