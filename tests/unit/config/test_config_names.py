"""Names and options in the configuration against the rules that there are."""

from collections.abc import Mapping

import pytest

from ekslint.config import (
    Configuration,
    ConfigurationError,
    check_names,
    name_problem,
    parse_configuration,
    resolve_options,
)
from ekslint.engine.severity import Severity
from ekslint.source.text import SourceText

RULES = {"single-node-group", "privileged-container", "too-many-pods"}
CATEGORIES = {"availability", "security"}
DECLARED: Mapping[str, Mapping[str, object]] = {
    "too-many-pods": {
        "limit": 10,
        "ratio": 0.5,
        "strict": False,
        "prefix": "x",
        "names": ("a",),
        "ports": (80,),
        "kinds": frozenset({"Job"}),
        "by-kind": {"Job": 1},
        "any-of": (),
        "level": Severity.INFO,
        "name": None,
    },
    "single-node-group": {},
}


def read(text: str) -> Configuration:
    return parse_configuration(SourceText(".ekslint.yaml", text))


def name_errors(text: str) -> list[tuple[str, str, list[str]]]:
    with pytest.raises(ConfigurationError) as caught:
        check_names(read(text), RULES, CATEGORIES)
    return [
        (f"{each.location.line}:{each.location.column}", each.message, each.help)
        for each in caught.value.all
        if each.location is not None
    ]


def test_known_names_pass() -> None:
    text = (
        "select: [single-node-group, security, input]\nignore: [duplicate-key, availability]\n"
        "severity: {unused-ignore: info, single-node-group: error}\nrules: {too-many-pods: {}}\n"
        "per-file-ignores: {a: [syntax-error, security]}\n"
    )
    configuration = read(text)
    check_names(configuration, RULES, CATEGORIES)
    check_names(Configuration(), RULES, CATEGORIES)
    assert configuration.select is not None


def test_unknown_names_with_the_ones_that_were_meant() -> None:
    text = (
        "select: [single-node-groups, zzz]\n"
        "ignore: [availabilty]\n"
        "per-file-ignores: {a: [input, secrity]}\n"
        "severity: {Privileged_Container: info}\n"
        "rules: {security: {}}\n"
    )
    everything = ["'ekslint rules' lists all rules"]
    assert name_errors(text) == [
        ("1:10", "there is no rule or category called single-node-groups", ["did you mean single-node-group?"]),
        ("1:30", "there is no rule or category called zzz", everything),
        ("2:10", "there is no rule or category called availabilty", ["did you mean availability?"]),
        ("3:31", "there is no rule or category called secrity", ["did you mean security?"]),
        ("4:12", "there is no rule called Privileged_Container", ["did you mean privileged-container?"]),
        ("5:9", "security is a category, and the name of a rule is wanted here", everything),
    ]


def test_names_of_the_command_line() -> None:
    assert name_problem("security", RULES, CATEGORIES) is None
    assert name_problem("syntax-error", RULES, CATEGORIES) is None
    problem = name_problem("securty", RULES, CATEGORIES)
    assert problem == ("there is no rule or category called securty", ["did you mean security?"])


def options(text: str) -> dict[str, object]:
    resolved = resolve_options(read(f"rules:\n  too-many-pods:\n    {text}\n"), DECLARED)
    return resolved.get("too-many-pods", {})


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("limit: 20", "limit", 20),
        ("ratio: 1", "ratio", 1.0),
        ("ratio: 0.25", "ratio", 0.25),
        ("strict: true", "strict", True),
        ("prefix: y", "prefix", "y"),
        ("names: [b, c]", "names", ("b", "c")),
        ("names: []", "names", ()),
        ("ports: [8080]", "ports", (8080,)),
        ("kinds: [CronJob]", "kinds", frozenset({"CronJob"})),
        ("by-kind: {CronJob: 2}", "by-kind", {"CronJob": 2}),
        ("by_kind: {CronJob: 2}", "by-kind", {"CronJob": 2}),
        ("any-of: [x]", "any-of", ("x",)),
        ("level: error", "level", Severity.ERROR),
        ("name: x", "name", "x"),
    ],
)
def test_options_have_the_type_of_their_default(text: str, name: str, value: object) -> None:
    resolved = options(text)
    assert resolved == {name: value}
    assert type(resolved[name]) is type(value)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("limit: '20'", "3:12", "option limit of too-many-pods must be a whole number, not 20"),
        ("limit: true", "3:12", "option limit of too-many-pods must be a whole number, not true"),
        ("limit: 1.5", "3:12", "option limit of too-many-pods must be a whole number, not 1.5"),
        ("limit:", "3:5", "option limit of too-many-pods must be a whole number, not empty"),
        ("ratio: true", "3:12", "option ratio of too-many-pods must be a number, not true"),
        ("strict: 1", "3:13", "option strict of too-many-pods must be true or false, not 1"),
        ("prefix: 1", "3:13", "option prefix of too-many-pods must be a string, not 1"),
        ("names: a", "3:12", "option names of too-many-pods must be a list, not a"),
        (
            "ports: [http]",
            "3:5",
            "option ports of too-many-pods must be a list in which each item is a whole number, not a list",
        ),
        ("by-kind: [a]", "3:5", "option by-kind of too-many-pods must be a mapping, not a list"),
        ("by-kind: {a: b}", "3:5", "option by-kind of too-many-pods must be a whole number, not a mapping"),
        ("level: critical", "3:12", "option level of too-many-pods must be info or warning or error, not critical"),
        ("name: [a]", "3:5", "option name of too-many-pods must be a single value, not a list"),
        ("limits: 3", "3:5", "too-many-pods has no option limits"),
        ("by-kind: {a: 1}\n    by_kind: {a: 1}", "4:5", "option by_kind of too-many-pods stands twice"),
    ],
)
def test_wrong_options(text: str, place: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        options(text)
    location = caught.value.location
    assert location is not None
    assert (f"{location.line}:{location.column}", str(caught.value)) == (place, message)


def test_help_for_options() -> None:
    with pytest.raises(ConfigurationError) as caught:
        options("limits: 3\n    severity: error\n    zzz: 1")
    assert [each.help for each in caught.value.all] == [
        ["did you mean limit?"],
        ["write severity: {too-many-pods: …} at the top of the file"],
        ["its options are any-of, by-kind, kinds, level, limit, name, names, ports, prefix, ratio, strict"],
    ]


def test_rule_without_options() -> None:
    with pytest.raises(ConfigurationError, match="single-node-group has no options"):
        resolve_options(read("rules: {single-node-group: {limit: 1}}"), DECLARED)
