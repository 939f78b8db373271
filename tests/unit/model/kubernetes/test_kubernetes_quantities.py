"""Quantities as the API server reads them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekslint.model.kubernetes.quantity import format_quantity, parse_quantity

LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100m", Fraction(1, 10)),
        ("0.1", Fraction(1, 10)),
        ("1.5Gi", 3 * 2**29),
        ("64Ki", 65536),
        ("2e3", 2000),
        ("2E3", 2000),
        ("1E", 10**18),
        ("1Ei", 2**60),
        ("5.", 5),
        (".5", Fraction(1, 2)),
        ("+3", 3),
        ("-250m", Fraction(-1, 4)),
        ("1n", Fraction(1, 10**9)),
        ("0.1n", Fraction(1, 10**9)),
        ("1e-30", Fraction(1, 10**9)),
        ("-0.1n", Fraction(-1, 10**9)),
        ("1e30", LARGEST),
        ("1e999999999999", LARGEST),
        ("1e-999999999999", Fraction(1, 10**9)),
        ("9" * 100_000, LARGEST),
        ("0." + "0" * 100_000 + "1", Fraction(1, 10**9)),
        ("0" * 100_000, 0),
        (2, 2),
        (0.5, Fraction(1, 2)),
        (1e-7, Fraction(1, 10**7)),
    ],
)
def test_what_it_means(text: object, value: int | Fraction) -> None:
    assert parse_quantity(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "m", ".", "1 Gi", "1gi", "1GB", "1KB", "1K", "1ki", "0x10", "1_000", "１", "1e", "1e5Ki", "1.2.3", "--1"),
        *(True, None, [], {}, float("nan"), float("inf"), "1e" + "9" * 30, "1\n"),
    ],
)
def test_what_means_nothing(text: object) -> None:
    assert parse_quantity(text) is None


@given(
    st.integers(0, 10**6), st.sampled_from([("m", Fraction(1, 1000)), ("k", Fraction(1000)), ("Mi", Fraction(2**20))])
)
def test_a_suffix_is_a_factor(number: int, suffix: tuple[str, Fraction]) -> None:
    assert parse_quantity(f"{number}{suffix[0]}") == number * suffix[1]


@given(st.text(alphabet="0123456789.eE+-mkKMGi", max_size=12))
def test_any_text_is_a_number_or_nothing(text: str) -> None:
    value = parse_quantity(text)
    assert value is None or -LARGEST <= value <= LARGEST


@pytest.mark.parametrize(
    ("number", "binary", "text"),
    [
        (Fraction(1, 4), False, "250m"),
        (Fraction(5, 2), False, "2.5"),
        (Fraction(0), False, "0"),
        (Fraction(3 * 2**29), True, "1.5Gi"),
        (Fraction(2**20), True, "1Mi"),
        (Fraction(512), True, "512"),
        (Fraction(6 * 10**9), True, "5.59Gi"),
    ],
)
def test_how_people_write_it(number: Fraction, binary: bool, text: str) -> None:
    assert format_quantity(number, binary=binary) == text
