"""Objects that follow each other without a line of `---`."""

from ekslint.source import scalars
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

FIRST = "kind: StorageClass\napiVersion: storage.k8s.io/v1\nmetadata: {name: a}\n"
SECOND = "kind: StorageClass\napiVersion: storage.k8s.io/v1\nmetadata: {name: b}\nprovisioner: ebs.csi.aws.com\n"


def told(text: str) -> list[tuple[int, str]]:
    source = SourceText("a.yaml", text)
    return [
        (source.line_of(problem.start), problem.message)
        for document in parse(source, scalars.manifest)
        for problem in document.problems
    ]


def test_an_object_without_a_separator_is_told_once() -> None:
    message = "key kind stands twice in one mapping; the first is on line 1"
    assert told(FIRST + SECOND) == [(4, f"{message}, and no line of --- stands between the two objects")]


def test_every_further_object_is_told() -> None:
    assert [line for line, _ in told(FIRST + SECOND + FIRST)] == [4, 8]


def test_a_key_that_is_written_twice_is_no_further_object() -> None:
    assert told(FIRST + "kind: Secret\nmetadata: {name: b}\n") == [
        (4, "key kind stands twice in one mapping; the first is on line 1"),
        (5, "key metadata stands twice in one mapping; the first is on line 3"),
    ]


def test_keys_below_are_told_as_they_stand() -> None:
    text = "spec:\n  kind: A\n  apiVersion: v1\n  kind: B\n  apiVersion: v1\n"
    assert [line for line, _ in told(text)] == [4, 5]
