"""Documents that repeat themselves through aliases."""

import pytest

from ekslint.source import scalars
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from ekslint.source.tree import Document


def documents(text: str) -> list[Document]:
    return parse(SourceText("a.yaml", text), scalars.manifest)


def test_a_few_anchors_are_what_people_write() -> None:
    groups = "".join(f"  - {{name: g{number}, tags: *tags}}\n" for number in range(2_000))
    tags = ", ".join(f"k{number}: v" for number in range(20))
    [document] = documents(f"tags: &tags {{{tags}}}\ngroups:\n{groups}")
    assert document.root is not None
    assert not document.problems


@pytest.mark.parametrize("times", [1_000, 30_000])
def test_a_long_list_again_and_again(times: int) -> None:
    items = "".join("  - x\n" for _ in range(500))
    [document] = documents(f"items: &items\n{items}groups:\n" + "  - *items\n" * times)
    assert document.root is None
    [problem] = document.problems
    assert problem.kind == "too-deep"
    assert document.source.line_of(problem.start) == 503


def test_aliases_of_aliases() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, 60)]
    bomb, after = documents("\n".join(lines) + "\n---\nkind: Pod\n")
    assert [problem.kind for problem in bomb.problems] == ["too-deep"]
    assert after.root == {"kind": "Pod"}
    assert not after.problems


def test_what_stands_in_several_places_is_counted_in_each() -> None:
    inner = ", ".join("x" for _ in range(300))
    middle = ", ".join("*inner" for _ in range(20))
    outer = "".join("  - {a: *middle, b: [*middle]}\n" for _ in range(10))
    [document] = documents(f"inner: &inner [{inner}]\nmiddle: &middle [{middle}]\nouter:\n{outer}")
    assert [problem.kind for problem in document.problems] == ["too-deep"]
