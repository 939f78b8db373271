"""Places of what stands within longer texts."""

import pytest

from ekslint.model.cluster import Cluster
from ekslint.model.reading import Reading, Source
from ekslint.source.parsing import parse
from ekslint.source.scalars import manifest
from ekslint.source.text import SourceText

_BLOCK = 'name: shop\nscript: |\n  first\n  mode: "ipvs"\n'
_ESCAPED = 'name: shop\nscript: "first\\nmode: ipvs"\n'


@pytest.mark.parametrize(
    ("text", "piece", "line"),
    [
        (_BLOCK, "first", 3),
        (_BLOCK, 'mode: "ipvs"', 4),
        (_BLOCK, "nowhere in it", 2),
        (_ESCAPED, "first\nmode", 2),
    ],
)
def test_within_narrows_a_text_to_the_line_of_a_piece(text: str, piece: str, line: int) -> None:
    [document] = parse(SourceText("a.yaml", text), manifest)
    cluster = Cluster("cluster shop", Source(document, ()), dialect="eksctl", resource="Cluster/shop")
    cluster.declare(name=Reading("shop", Source(document, ("script",))))
    place = cluster.at("name").within(piece)
    assert place.location.line == line
    assert place.path == cluster.at("name").path
