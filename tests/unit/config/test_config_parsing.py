"""What `.ekslint.yaml` says, and what it says wrongly."""

from collections.abc import Sequence

import pytest

from ekslint.config import Configuration, ConfigurationError, parse_configuration
from ekslint.engine.severity import Severity
from ekslint.source.text import SourceText

FULL = """\
select: [scheduling, images, spot-without-fallback]
ignore:
  - floating-image-tag
severity:
  single-node-group: error
  missing-readiness-probe: info
rules:
  too-many-pods: {limit: 20, names: [a, b]}
exclude: [vendor/, "*.generated.yaml", "!keep.generated.yaml"]
per-file-ignores:
  "tests/**": [reliability]
  ./lab: [single-node-group]
clusters:
  - name: prod-eu1
    files: [apps/prod, shared]
    kubernetes-version: 1.30
    profile: production
  - name: dev
    files: [apps/dev, shared]
    profile: dev
known-node-labels: [team, example.com/*]
require-ignore-reason: true
fail-on: never
min-severity: info
plugins: [acme]
baseline: ci/baseline.json
"""


def read(text: str, folder: str = "") -> Configuration:
    return parse_configuration(SourceText(".ekslint.yaml", text), folder)


def errors(text: str) -> tuple[ConfigurationError, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    return caught.value.all


def told(text: str) -> list[str]:
    return [f"{each.location.line}:{each.location.column} {each.message}" for each in errors(text) if each.location]


def test_everything() -> None:
    configuration = read(FULL)
    assert configuration.path == ".ekslint.yaml"
    assert configuration.select == ("scheduling", "images", "spot-without-fallback")
    assert configuration.ignore == ("floating-image-tag",)
    assert configuration.severity == {
        "single-node-group": Severity.ERROR,
        "missing-readiness-probe": Severity.INFO,
    }
    assert configuration.rules == {"too-many-pods": {"limit": 20, "names": ["a", "b"]}}
    assert configuration.known_node_labels == ("team", "example.com/*")
    assert configuration.require_ignore_reason is True
    assert configuration.fail_on is None
    assert configuration.minimum_severity is Severity.INFO
    assert configuration.plugins == ("acme",)
    assert configuration.baseline == "ci/baseline.json"
    assert [(each.name, each.kubernetes_version, each.profile) for each in configuration.clusters] == [
        ("prod-eu1", "1.30", "production"),
        ("dev", None, "dev"),
    ]
    assert configuration.profiles == {"prod-eu1": "production", "dev": "dev"}


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n", "{}", "~", "\ufeff"])
def test_nothing_is_the_defaults(text: str) -> None:
    configuration = read(text.replace("\ufeff", ""))
    assert configuration == Configuration(path=".ekslint.yaml")
    assert configuration.fail_on is Severity.WARNING
    assert configuration.minimum_severity is Severity.WARNING
    assert configuration.plugins is False
    assert configuration.select is None


def test_patterns_are_those_of_gitignore() -> None:
    configuration = read(FULL)
    exclude = configuration.exclude
    assert exclude.match("vendor/a/b.yaml")
    assert exclude.match("apps/vendor/a.yaml")
    assert exclude.match("a/x.generated.yaml")
    assert not exclude.match("a/keep.generated.yaml")
    assert not exclude.match("apps/api.yaml")
    assert not Configuration().exclude.match("a")


def test_patterns_are_relative_to_the_folder_of_the_file() -> None:
    configuration = read(FULL, "teams/shop")
    assert configuration.exclude.match("teams/shop/vendor/a.yaml")
    assert not configuration.exclude.match("vendor/a.yaml")
    assert not configuration.exclude.match("teams/shopping/vendor/a.yaml")
    assert configuration.baseline == "teams/shop/ci/baseline.json"
    assert clusters_of(configuration, "teams/shop/apps/dev/a.yaml") == ["dev"]


def test_per_file_ignores_take_rules_and_categories() -> None:
    configuration = read(FULL)
    assert configuration.ignores_in("missing-readiness-probe", "reliability", "tests/a/b.yaml")
    assert not configuration.ignores_in("missing-readiness-probe", "reliability", "apps/b.yaml")
    assert not configuration.ignores_in("floating-image-tag", "images", "tests/a/b.yaml")
    assert configuration.ignores_in("single-node-group", "availability", "lab/cluster.yaml")
    assert not configuration.ignores_in("single-node-group", "availability", "infra/lab/cluster.yaml")


def clusters_of(configuration: Configuration, path: str) -> list[str]:
    """The names of the clusters whose `files` match a path."""
    return [each.name for each in configuration.clusters if each.files is not None and each.files.match(path)]


def test_clusters_of_a_file() -> None:
    configuration = read(FULL)
    assert clusters_of(configuration, "apps/prod/api.yaml") == ["prod-eu1"]
    assert clusters_of(configuration, "shared/api.yaml") == ["prod-eu1", "dev"]
    assert clusters_of(configuration, "other/api.yaml") == []
    assert clusters_of(read("clusters: [{name: a}]"), "x.yaml") == []


@pytest.mark.parametrize(
    ("text", "rule", "category", "preview", "expected"),
    [
        ("{}", "a", "x", False, True),
        ("{}", "a", "x", True, False),
        ("select: [a]", "a", "x", True, True),
        ("select: [x]", "a", "x", True, False),
        ("select: [x]", "a", "x", False, True),
        ("select: [y]", "a", "x", False, False),
        ("select: []", "a", "x", False, False),
        ("select: [y]", "syntax-error", "input", False, True),
        ("{select: [y], ignore: [syntax-error]}", "syntax-error", "input", False, False),
        ("ignore: [input]", "syntax-error", "input", False, False),
        ("ignore: [x]", "a", "x", False, False),
        ("{select: [a], ignore: [x]}", "a", "x", False, True),
        ("{select: [x], ignore: [a]}", "a", "x", False, False),
        ("{select: [a], ignore: [a]}", "a", "x", False, False),
    ],
)
def test_which_rules_run(text: str, rule: str, category: str, preview: bool, expected: bool) -> None:
    assert read(text).enables(rule, category, preview=preview) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plugins: true", True),
        ("plugins: false", False),
        ("plugins: []", ()),
        ("plugins: [on, 7]", ("on", "7")),
    ],
)
def test_plugins(text: str, expected: bool | Sequence[str]) -> None:
    assert read(text).plugins == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selct: [a]", "1:1 there is no setting selct"),
        ("per_file_ignores: {}", "1:1 there is no setting per_file_ignores"),
        ("clusters:\n- name: a\n  version: x", "3:3 there is no setting version in clusters[0]"),
        ("select: images", "1:9 select must be a list, not images"),
        ("select:", "1:1 select has no value, and must be a list"),
        ("select: [[a]]", "1:10 select[0] must be a string, not a list"),
        ("ignore: {a: 1}", "1:1 ignore must be a list, not a mapping"),
        ("severity: {a: critical}", "1:15 severity.a must be error, warning or info, not critical"),
        ("severity: [a]", "1:1 severity must be a mapping, not a list"),
        ("rules: {a: error}", "1:12 rules.a must be a mapping, not error"),
        ("fail-on: no", "1:10 fail-on must be error, warning, info or never, not no"),
        ("min-severity: 1", "1:15 min-severity must be error, warning or info, not 1"),
        ("require-ignore-reason: yes", "1:24 require-ignore-reason must be true or false, not yes"),
        ("plugins: all", "1:10 plugins must be true or false or a list, not all"),
        ("clusters: [{files: [a]}]", "1:13 clusters[0] has no name"),
        ("clusters: [{name: a b}]", "1:19 clusters[0].name must be the name of an EKS cluster, not a b"),
        (
            "clusters: [{name: a, kubernetes-version: v1.30}]",
            '1:42 clusters[0].kubernetes-version must be a Kubernetes version such as "1.33", not v1.30',
        ),
        (
            'clusters: [{name: a, kubernetes-version: "1.30\\n"}]',
            '1:42 clusters[0].kubernetes-version must be a Kubernetes version such as "1.33", not 1.30\n',
        ),
        ("clusters: [{name: a, profile: prod}]", "1:31 clusters[0].profile must be production or dev, not prod"),
        ("clusters:\n- name: a\n- name: a", "3:9 cluster a stands twice"),
        (
            "known-node-labels: ['a b']",
            "1:21 known-node-labels[0] must be the key of a label, or its beginning and *, not a b",
        ),
        ("exclude: [../other]", "1:11 the pattern ../other leaves the folder of the configuration"),
        ("exclude: ['']", "1:11 the pattern of no characters matches nothing"),
        ("exclude: ['# x']", "1:11 the pattern # x matches nothing"),
        ("exclude: ['!']", "1:11 the pattern ! is not a pattern of .gitignore"),
        ("exclude: ['[z-a]']", "1:11 the pattern [z-a] is not a pattern of .gitignore"),
        ("exclude: ['*a*a*a*a']", "1:11 the pattern *a*a*a*a has more than 3 wildcards in a row"),
        ("clusters: [{name: a, files: ['**/a/**/b/**/c/**']}]",
         "1:30 the pattern **/a/**/b/**/c/** has more than 3 wildcards in a row"),
        ("per-file-ignores: {'!a': [b]}", "1:20 the pattern !a excludes files, and nothing before it includes any"),
        ("baseline: ../x.json", "1:11 the baseline ../x.json is not below the folder of the configuration"),
        ("baseline: /etc/x", "1:11 the baseline /etc/x is not below the folder of the configuration"),
        ("baseline: ''", "1:11 baseline must be a path of the repository, not "),
        ("- a", "1:1 the configuration must be a mapping, not a list"),
        ("a", "1:1 the configuration must be a mapping, not a"),
        ("select: [a]\n---\nignore: [b]", "3:1 the configuration has a second document"),
        ("ignore: [a]\nignore: [b]", "2:1 key ignore stands twice in one mapping; the first is on line 1"),
        ("ignore: *a", "1:9 alias *a has no anchor"),
        ("ignore: \x00", "1:9 the character U+0000 is not allowed in YAML"),
        ("? [a]\n: b", "1:3 a mapping key must be a plain string"),
        (f"rules: {'{a: ' * 201}", "1:804 nested deeper than 200 levels"),
    ],
)  # fmt: skip
def test_mistakes_and_their_places(text: str, expected: str) -> None:
    assert told(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("selct: [a]", "did you mean select?"),
        ("Severity: {}", "did you mean severity?"),
        ("per_file_ignores: {}", "did you mean per-file-ignores?"),
        ("severity: {a: warn}", "did you mean warning?"),
        ("severity: {a: off}", "to switch a rule off, name it under ignore"),
        ("select: images", "write [images]"),
        ("clusters: [{name: a, profile: prod}]", "did you mean production?"),
        ("clusters: [{name: a, profile: development}]", "did you mean dev?"),
        ("a: 1\n---\nb: 2", "delete the line ---"),
    ],
)
def test_help(text: str, help_: str) -> None:
    assert errors(text)[0].help == [help_]


def test_unknown_key_that_resembles_nothing_shows_all_keys() -> None:
    [error] = errors("zzz: 1")
    assert error.help[0].startswith("the keys are baseline, clusters, exclude, ")


def test_all_mistakes_are_told_in_order() -> None:
    text = "exclude: ['!']\nselect: a\nseverity: {x: bad}\nunknown: 1\n"
    assert [line.split(" ")[0] for line in told(text)] == ["1:11", "2:9", "3:15", "4:1"]


def test_strings_are_read_as_they_are_written() -> None:
    configuration = read("select: [1.30, no, 0x10, ~x, 'a']\nclusters: [{name: 123, kubernetes-version: 1.30}]\n")
    assert configuration.select == ("1.30", "no", "0x10", "~x", "a")
    assert configuration.clusters[0].name == "123"
    assert configuration.clusters[0].kubernetes_version == "1.30"


def test_alias_in_place_of_a_string() -> None:
    configuration = read("select: [&v 12, *v]\n")
    assert configuration.select == ("12", "12")


def test_alias_bomb() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    [error] = errors(f"l0: &l0 [a]\n{levels}")
    assert error.message == "aliases repeat a small part of the document too often"


@pytest.mark.usefixtures("aliases_without_limit")
def test_more_values_than_anybody_wrote() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    [error] = errors(f"l0: &l0 [a]\n{levels}")
    assert error.message == "the configuration has more than 20000 values"


def test_many_mistakes_are_cut() -> None:
    assert len(errors("".join(f"key{n}: 1\n" for n in range(2000)))) == 50


def test_long_values_are_cut() -> None:
    [error] = errors(f"fail-on: {'x' * 5000}")
    assert len(error.message) < 150


def test_values_of_hostile_types() -> None:
    caught = []
    for value in (".nan", ".inf", "9" * 390, "9" * 5000, "2030-01-01", "!!binary aa", "{? a}", "[[[[]]]]", "!x y"):
        for key in ("fail-on", "select", "rules", "plugins", "clusters", "baseline", "require-ignore-reason"):
            try:
                read(f"{key}: {value}")
            except ConfigurationError as error:
                caught.append(error)
    assert len(caught) > 40
    assert all(error.location is not None for error in caught)
