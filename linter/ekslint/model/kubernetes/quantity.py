"""Kubernetes quantities: `500m`, `1.5Gi`, `2e3`.

Source: `k8s.io/apimachinery/pkg/api/resource/{quantity,suffix}.go`.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

_QUANTITY = re.compile(
    r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,18})|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E))?\Z"
)
_FACTORS = {
    **{suffix: (1024, power) for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), start=1)},
    **{suffix: (10, power) for suffix, power in (("n", -9), ("u", -6), ("m", -3))},
    **{suffix: (1000, power) for power, suffix in enumerate(("k", "M", "G", "T", "P", "E"), start=1)},
}
_LARGEST = 2**63 - 1
_NANO = 10**9
_MOST_DIGITS = 100
_MOST_EXPONENT = 64


def parse_quantity(value: object) -> "Fraction | None":
    """The exact value of a quantity, as text or as the number that YAML made of it; None for anything else.

    As in Kubernetes, what is finer than a billionth is rounded up (away from zero), and what exceeds 64 bits is cut
    to the largest integer. Digits and exponents beyond any sense are treated alike, so that no text takes long.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    match = _QUANTITY.match(value if isinstance(value, str) else repr(value))
    if match is None:
        return None
    sign, whole, decimals, exponent, suffix = match.groups()
    digits = whole + (decimals or "")
    if not digits:
        return None
    from fractions import Fraction

    base, power = (10, int(exponent)) if exponent is not None else _FACTORS.get(suffix or "", (10, 0))
    power = max(-_MOST_EXPONENT - _MOST_DIGITS, min(power, _MOST_EXPONENT + _MOST_DIGITS))
    if len(digits.lstrip("0")) > _MOST_DIGITS or len(decimals or "") > _MOST_DIGITS:
        number = _approximate(whole, decimals or "")
    else:
        number = Fraction(int(digits.lstrip("0") or "0"), 10 ** len(decimals or ""))
    number *= Fraction(base) ** power
    number = Fraction(-(-number.numerator * _NANO // number.denominator), _NANO)
    number = min(number, Fraction(_LARGEST))
    return -number if sign == "-" else number


def format_quantity(number: "Fraction", *, binary: bool = False) -> str:
    """A quantity as people write it: `500m`, `1.5`, or with `binary` `512Mi`, `1.5Gi`; rounded to two decimals."""
    if binary:
        for power, suffix in enumerate(("Ei", "Pi", "Ti", "Gi", "Mi", "Ki")):
            unit = 1024 ** (6 - power)
            if abs(number) >= unit:
                return f"{_decimal(number / unit)}{suffix}"
        return _decimal(number)
    if number and abs(number) < 1:
        return f"{_decimal(number * 1000)}m"
    return _decimal(number)


def _decimal(number: "Fraction") -> str:
    rounded = round(float(number), 2)
    return str(int(rounded)) if rounded.is_integer() else str(rounded)


def _approximate(whole: str, decimals: str) -> "Fraction":
    """Of absurdly many digits those that could matter: integers are cut off anyway, decimals rounded."""
    from fractions import Fraction

    integer = whole.lstrip("0")
    if len(integer) > _MOST_DIGITS:
        return Fraction(10**_MOST_DIGITS)
    kept = decimals[:_MOST_DIGITS] + ("1" if decimals[_MOST_DIGITS:].strip("0") else "")
    return Fraction(int((integer or "0") + kept), 10 ** len(kept))
