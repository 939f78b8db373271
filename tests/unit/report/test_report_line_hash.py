"""The vectors are those of github/codeql-action, src/fingerprints.test.ts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ekslint.report.line_hash import LineHashes

GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETINGS),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETINGS),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETINGS),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETINGS),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_published_vectors(text: str, hashes: list[str]) -> None:
    lines = LineHashes(text)
    assert [lines.of(line) for line in range(1, len(lines) + 1)] == hashes


def rolling(text: str) -> list[str]:
    """The published algorithm as it is written there: one unit after the other through a window of a hundred."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)]
    window, line_at = [0] * 100, [-1] * 100
    state = {"hash": 0, "index": 0, "line": 0}
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    line_start, after_return = True, False

    def output() -> None:
        value = f"{state['hash']:x}"
        seen[value] = seen.get(value, 0) + 1
        found[line_at[state["index"]]] = f"{value}:{seen[value]}"
        line_at[state["index"]] = -1

    def update(unit: int) -> None:
        oldest = window[state["index"]]
        window[state["index"]] = unit
        state["hash"] = (37 * state["hash"] + unit - pow(37, 100, 2**64) * oldest) % 2**64
        state["index"] = (state["index"] + 1) % 100

    for unit in [*units, 0xFFFF]:
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        current = 0x0A if after_return else unit
        if line_at[state["index"]] != -1:
            output()
        if line_start:
            line_start = False
            state["line"] += 1
            line_at[state["index"]] = state["line"]
        if current == 0x0A:
            line_start = True
        update(current)
    for _ in range(100):
        if line_at[state["index"]] != -1:
            output()
        update(0)
    return [found[line] for line in sorted(found)]


@given(st.text(st.sampled_from("ab \t\n\r日😀\u2028\x85"), max_size=400))
@settings(deadline=None)
def test_agrees_with_the_rolling_window(text: str) -> None:
    lines = LineHashes(text)
    assert [lines.of(line) for line in range(1, len(lines) + 1)] == rolling(text)
    assert len(lines) == len(re.split(r"\r\n|\r|\n", text))


@pytest.mark.parametrize("line", [0, -1, 3])
def test_no_such_line(line: int) -> None:
    with pytest.raises(IndexError):
        LineHashes("a\nb").of(line)
