"""The reference pages of the components."""

from facts.components import BY_NOUN
from tools.component_docs import PAGES, pages

PAGE_BY_NAME = {
    name: PAGES / noun / f"{module.rpartition('.')[2]}.md"
    for noun, classes in BY_NOUN.items()
    for name, module in classes.items()
}


def test_a_page_shows_the_arguments_from_all_modules() -> None:
    made = pages()
    for name, page in PAGE_BY_NAME.items():
        shown = [line for line in made[page].splitlines() if line.startswith("## ")]
        assert shown[0].endswith("Args"), name
        assert len(shown) == len(set(shown)), f"{name}: a class is shown twice"
    assert "## LoraAdapter" in made[PAGE_BY_NAME["ModelServer"]], "classes of fields are shown too"
