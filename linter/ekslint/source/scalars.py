"""How plain scalars become values, per dialect.

`manifest` follows goyaml.v2, which kubectl and eksctl use through sigs.k8s.io/yaml (resolve.go there): `y`, `yes` and
`on` are booleans, `0777` is octal, `1e3` is a float, there are no base-60 numbers, and timestamps stay strings.
CloudFormation takes every scalar as a string. `.ekslint.yaml` is read as the YAML 1.2 core schema says.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from ekslint.source.tree import Scalar

Typing: TypeAlias = Callable[[str], Scalar]

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_CORE_WORDS: dict[str, Scalar] = {
    word: value
    for word, value in _WORDS.items()
    if word.lower() in {"", "~", "null", "true", "false", ".nan", ".inf", "+.inf", "-.inf"}
}
_NUMBER_START = frozenset("0123456789+-.")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))\Z")
_CORE_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_LONGEST_NUMBER = 400  # beyond it a float is infinite anyway, and int() would be quadratic


def manifest(text: str) -> Scalar:
    """A plain scalar of a Kubernetes manifest or an eksctl file."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _LONGEST_NUMBER:
        return text
    digits = text.replace("_", "")
    match = _INTEGER.match(digits)
    if match is not None:
        sign, hexadecimal, octal, binary, decimal = match.groups()
        number = (
            int(decimal)
            if decimal is not None
            else int(hexadecimal, 16)
            if hexadecimal is not None
            else int(octal, 8)
            if octal is not None
            else int(binary, 2)
        )
        number = -number if sign == "-" else number
        # Go parses into int64, then uint64, then falls through to a float.
        return number if -(2**63) <= number < 2**64 else float(number)
    return _float(digits, text)


def string(text: str) -> Scalar:
    """A plain scalar of a CloudFormation template."""
    return None if text in {"", "~", "null", "Null", "NULL"} else text


def configuration(text: str) -> Scalar:
    """A plain scalar of `.ekslint.yaml`."""
    if text in _CORE_WORDS:
        return _CORE_WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _LONGEST_NUMBER:
        return text
    if _CORE_INTEGER.match(text):
        return int(text)
    return _float(text, text)


def _float(digits: str, text: str) -> Scalar:
    if _FLOAT.match(digits):
        number = float(digits)
        if number not in (float("inf"), float("-inf")):
            return number
    return text


def key_text(value: Scalar) -> str:
    """The JSON key that a scalar key becomes (sigs.k8s.io/yaml, convertToJSONableObject)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else format_number(value)


def format_number(value: float) -> str:
    """A number as Go's JSON encoder writes it: what an unquoted `1.30` turns into where a string was wanted."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)
