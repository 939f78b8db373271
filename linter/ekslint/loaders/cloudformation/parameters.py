"""The parameters of a template: what their defaults say, and what they can be where there is no default."""

from collections.abc import Callable, Mapping

from ekslint.loaders.cloudformation.texts import split
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    ParameterStorePath,
    PartialText,
    ResourceElsewhere,
    is_unknown,
    may_hold_several,
)
from ekslint.model.condition import Chosen, Condition, Constant
from ekslint.model.reading import Choice, Reading, Source, Unknown
from ekslint.model.world import ChoicePoint, World
from ekslint.source.tree import Document

MAXIMUM_ALTERNATIVES = 4
"""Allowed values that are tried one by one; a parameter with more of them is simply unknown."""
MAXIMUM_OPTIONS = 64

_PSEUDO_TEXTS = {
    # What a template says of ARNs, principals and host names holds in every partition alike: policies are told by
    # their names, and a name is easier to read with the usual partition around it.
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_PSEUDO_UNKNOWN = ("AWS::AccountId", "AWS::NotificationARNs", "AWS::Region", "AWS::StackId", "AWS::StackName")
_STORE = "AWS::SSM::Parameter::Value<"


Given = Callable[[Document, str, Source], Reading | None]


class Parameters:
    """The section `Parameters`, and the pseudo parameters."""

    def __init__(self, document: Document, world: World, given: Given | None = None) -> None:
        """`given` tells what a template around this one sets its parameters to."""
        root = document.root
        section = root.get("Parameters") if isinstance(root, dict) else None
        self._document = document
        self._world = world
        self._declared: Mapping[str, object] = section if isinstance(section, dict) else {}
        self._compared: dict[str, dict[str, None]] = {}
        self._points: dict[str, tuple[ChoicePoint, dict[str, int]]] = {}
        self._given_by = given
        self._given: dict[str, Reading | None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._declared or name in _PSEUDO_TEXTS or name in _PSEUDO_UNKNOWN

    def note_comparison(self, name: str, text: str) -> None:
        """Remember that some condition compares the parameter with a text: a value worth telling apart."""
        self._compared.setdefault(name, {})[text] = None

    def reading(self, name: str, source: Source) -> Reading:
        """The value of `Ref`, at the place of the `Ref`."""
        if name in _PSEUDO_TEXTS:
            return Reading(_PSEUDO_TEXTS[name], source)
        if name in _PSEUDO_UNKNOWN:
            return Reading(self.unknown(name), source)
        kind = self._text(name, "Type") or "String"
        given = self._set_from_outside(name)
        if given is not None:
            place = Source(source.document, source.path, given.source.by_default, source.find, source.key)
            if not is_unknown(given.value):
                return Reading(_typed_as_given(given.value, kind, place), place)
        # Where a template around this one sets it to something unknown, its default does not count.
        default = self._text(name, "Default") if given is None else None
        if default is not None:
            # Where a default also chose the branch that this stands in, the value's own parameter tells more.
            place = Source(source.document, source.path, name, source.find, source.key)
            return Reading(_typed(default, kind, place), place)
        allowed = self._allowed(name)
        if allowed and not _is_list(kind) and not kind.startswith(_STORE) and len(allowed) <= MAXIMUM_ALTERNATIVES:
            return self._alternatives(name, allowed, source)
        return Reading(self.unknown(name), source)

    def unknown(self, name: str) -> OpenParameter:
        """The parameter as something unknown that equals itself."""
        if name.startswith("AWS::"):
            return OpenParameter(f"{name} is known only at deployment", name)
        return OpenParameter(f"parameter {name} has no default", name)

    def is_open(self, name: str) -> bool:
        """Whether nothing in the template says what it is."""
        if name in _PSEUDO_TEXTS or name in _PSEUDO_UNKNOWN:
            return True
        if name not in self._declared:
            return False
        given = self._set_from_outside(name)
        if given is not None:
            return is_unknown(given.value)
        return self._text(name, "Default") is None

    def known_text(self, name: str) -> str | None:
        """The default of a parameter that is a plain text."""
        kind = self._text(name, "Type") or "String"
        if _is_list(kind) or kind.startswith(_STORE):
            return None
        given = self._set_from_outside(name)
        if given is not None:
            return given.value if isinstance(given.value, str) else None
        return self._text(name, "Default")

    def _set_from_outside(self, name: str) -> Reading | None:
        if self._given_by is None or name not in self._declared:
            return None
        if name not in self._given:
            self._given[name] = None  # while it is looked for
            place = Source(self._document, ("Parameters", name))
            self._given[name] = self._given_by(self._document, name, place)
        return self._given[name]

    def is_list_of_zones(self, name: str) -> bool:
        """Whether its items are different availability zones."""
        return self._text(name, "Type") == "List<AWS::EC2::AvailabilityZone::Name>"

    def equals(self, name: str, text: str) -> Condition | None:
        """The condition that an open parameter has this value; None where that was not foreseen."""
        point, options = self._point(name)
        if text in options:
            return Constant(True) if point.options == 1 else Chosen(self._world, point, frozenset({options[text]}))
        allowed = self._allowed(name)
        return Constant(False) if allowed and text not in allowed else None

    def _point(self, name: str) -> tuple[ChoicePoint, dict[str, int]]:
        if name not in self._points:
            allowed = self._allowed(name)
            compared = self._compared.get(name, {})
            if allowed and len(allowed) <= MAXIMUM_ALTERNATIVES:
                texts = list(allowed)
            else:
                texts = [text for text in compared if not allowed or text in allowed][:MAXIMUM_OPTIONS]
            others = 0 if allowed and set(allowed) <= set(texts) else 1
            key = ("parameter", self._document.source.path, self._document.number, name)
            point = ChoicePoint(key, len(texts) + others, f"parameter {name}")
            self._points[name] = point, {text: index for index, text in enumerate(texts)}
        return self._points[name]

    def _alternatives(self, name: str, allowed: dict[str, None], source: Source) -> Reading:
        point, options = self._point(name)
        *others, last = options
        reading = Reading(last, source)
        for text in reversed(others):
            condition = Chosen(self._world, point, frozenset({options[text]}))
            reading = Reading(Choice(condition, Reading(text, source), reading), source)
        return reading

    def _allowed(self, name: str) -> dict[str, None]:
        declaration = self._declared.get(name)
        allowed = declaration.get("AllowedValues") if isinstance(declaration, dict) else None
        if not isinstance(allowed, list):
            return {}
        return {value: None for value in allowed if isinstance(value, str)}

    def _text(self, name: str, key: str) -> str | None:
        declaration = self._declared.get(name)
        value = declaration.get(key) if isinstance(declaration, dict) else None
        return value if isinstance(value, str) else None


def _is_list(kind: str) -> bool:
    inner = kind.removeprefix(_STORE)
    return inner.startswith(("List<", "CommaDelimitedList"))


def _typed(default: str, kind: str, place: Source) -> object:
    if kind.startswith(_STORE):
        return ParameterStorePath(default)
    if not _is_list(kind):
        return default
    return Listed(tuple(Reading(item.strip(), place) for item in default.split(",")))


def _typed_as_given(value: object, kind: str, place: Source) -> object:
    if isinstance(value, PartialText) and _is_list(kind):
        return split(value, ",", place)
    if isinstance(value, ResourceElsewhere) and _is_list(kind) and not may_hold_several(value):
        return Listed((Reading(value, place),))
    return _typed(value, kind, place) if isinstance(value, str) else value


def item_of(parameter: OpenParameter, index: int, parameters: Parameters) -> Unknown:
    """One item of a list parameter without default: unknown, but the same wherever it is selected."""
    if parameters.is_list_of_zones(parameter.parameter):
        return OpenParameter(parameter.why, parameter.parameter, index)
    return OpenParameter(parameter.why, f"{parameter.parameter}[{index}]")
