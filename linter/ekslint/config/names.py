"""The names and options in a configuration against the rules that there are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, cast

from ekslint.config.errors import MOST_ERRORS, ConfigurationError, raise_all
from ekslint.config.model import Configuration
from ekslint.config.validation import shown
from ekslint.engine.input_findings import CATEGORY, INPUT_FINDINGS
from ekslint.source.nearest import nearest
from ekslint.source.tree import Step


def check_names(configuration: Configuration, rules: Collection[str], categories: Collection[str]) -> None:
    """ConfigurationError, with a suggestion, for a name that is no rule, or no category where one may stand.

    `rules` and `categories` are all that there are, those of plugins included; the engine's own findings and their
    category are known anyway.
    """
    errors = []
    for name, path, category_allowed in _names(configuration):
        problem = name_problem(name, rules, categories, category_allowed=category_allowed)
        if problem is not None:
            location = configuration.at(*path, key=not category_allowed)
            errors.append(ConfigurationError(problem[0], location, problem[1]))
            if len(errors) == MOST_ERRORS:
                break
    raise_all(errors)


def _names(configuration: Configuration) -> Iterator[tuple[str, tuple[Step, ...], bool]]:
    """Every name, its place, and whether it may be the name of a category."""
    for index, name in enumerate(configuration.select or ()):
        yield name, ("select", index), True
    for index, name in enumerate(configuration.ignore):
        yield name, ("ignore", index), True
    for each in configuration.per_file_ignores:
        for index, name in enumerate(each.names):
            yield name, ("per-file-ignores", each.files.patterns[0], index), True
    for name in configuration.severity:
        yield name, ("severity", name), False
    for name in configuration.rules:
        yield name, ("rules", name), False


def name_problem(
    name: str, rules: Collection[str], categories: Collection[str], *, category_allowed: bool = True
) -> tuple[str, list[str]] | None:
    """Message and help for a name that is neither a rule nor a category; None for one that is. For options too."""
    if name in rules or name in INPUT_FINDINGS:
        return None
    if name in categories or name == CATEGORY:
        if category_allowed:
            return None
        return f"{name} is a category, and the name of a rule is wanted here", ["'ekslint rules' lists all rules"]
    known = {*rules, *INPUT_FINDINGS, *((*categories, CATEGORY) if category_allowed else ())}
    meant = nearest(name, known)
    help_ = f"did you mean {meant}?" if meant else "'ekslint rules' lists all rules"
    kind = "rule or category" if category_allowed else "rule"
    return f"there is no {kind} called {shown(name)}", [help_]


def resolve_options(
    configuration: Configuration, declared: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, Any]]:
    """The options of each configured rule, typed as their defaults are.

    `declared` has the options of the configured rules: rule → option → default. ConfigurationError for an option that
    a rule does not have, or a value of another type. Names may be written with `-` or `_`.
    """
    errors: list[ConfigurationError] = []
    resolved: dict[str, dict[str, Any]] = {}
    for rule, options in configuration.rules.items():
        known = {name.replace("_", "-"): (name, default) for name, default in declared.get(rule, {}).items()}
        for written, value in options.items():
            path = ("rules", rule, written)
            found = known.get(written.replace("_", "-"))
            if found is None:
                errors.append(_unknown_option(configuration, rule, written, known))
                continue
            name, default = found
            if name in resolved.get(rule, {}):
                message = f"option {shown(written)} of {rule} stands twice"
                errors.append(ConfigurationError(message, configuration.at(*path, key=True)))
                continue
            try:
                converted = _converted(value, default)
            except _WrongTypeError as error:
                message = f"option {written} of {rule} must be {error}, not {shown(value)}"
                errors.append(ConfigurationError(message, configuration.at(*path)))
            else:
                resolved.setdefault(rule, {})[name] = converted
    raise_all(errors)
    return resolved


def _unknown_option(
    configuration: Configuration, rule: str, written: str, known: Collection[str]
) -> ConfigurationError:
    location = configuration.at("rules", rule, written, key=True)
    if not known:
        return ConfigurationError(f"{rule} has no options", location)
    if written == "severity":
        help_ = f"write severity: {{{rule}: …}} at the top of the file"
    else:
        meant = nearest(written, known)
        help_ = f"did you mean {meant}?" if meant else f"its options are {', '.join(sorted(known))}"
    return ConfigurationError(f"{rule} has no option {shown(written)}", location, [help_])


class _WrongTypeError(Exception):
    """In words: what is wanted."""


def _converted(value: object, default: object) -> object:
    if isinstance(default, Enum):
        return _member(value, type(default))
    if isinstance(default, bool):
        return _instance(value, bool, "true or false")
    if isinstance(default, int):
        return _instance(value, int, "a whole number")
    if isinstance(default, float):
        return float(cast("float", _instance(value, int | float, "a number")))
    if isinstance(default, str):
        return _instance(value, str, "a string")
    if isinstance(default, Mapping):
        mapping = cast("dict[str, object]", _instance(value, dict, "a mapping"))
        samples = list(default.values())
        return {key: _converted(item, samples[0]) if samples else item for key, item in mapping.items()}
    if isinstance(default, Sequence | frozenset | set):
        kind = cast("type[tuple[object, ...]]", tuple if isinstance(default, Sequence) else frozenset)
        return kind(_items(cast("list[object]", _instance(value, list, "a list")), default))
    # Without a default value anything that is a scalar may be meant.
    return _instance(value, str | int | float, "a single value")


def _instance(value: object, kind: Any, words: str) -> object:
    # In Python true is a number; in YAML it is not.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _WrongTypeError(words)
    return value


def _items(values: list[object], default: Collection[object]) -> Iterator[object]:
    # What an empty list holds cannot be seen; nearly always it is names.
    sample = next(iter(default), "")
    for value in values:
        try:
            yield _converted(value, sample)
        except _WrongTypeError as error:
            raise _WrongTypeError(f"a list in which each item is {error}") from None


def _member(value: object, kind: type[Enum]) -> Enum:
    for member in kind:
        if isinstance(value, str) and member.name.lower().replace("_", "-") == value.lower():
            return member
    raise _WrongTypeError(" or ".join(member.name.lower().replace("_", "-") for member in kind))
