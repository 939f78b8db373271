import pytest
from eksctl_loading import HEADER, UNKNOWN, line, load, problems, value


def refusal(path, meant, written):
    return f'{path} is the {meant} to eksctl, which wants a string and refuses the file: write "{written}"'


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        ("1.30", "number", "1.3"),
        ("1.34", "number", "1.34"),
        ("2", "number", "2"),
        ("0x10", "number", "16"),
        ("yes", "boolean", "true"),
        ("off", "boolean", "false"),
        ("true", "boolean", "true"),
    ],
)
def test_a_string_without_quotes(written, kind, read):
    loaded = load(f"kind: ClusterConfig\nmetadata:\n  name: shop\n  version: {written}\n")
    [cluster] = loaded.clusters
    assert cluster.version == written
    assert problems(loaded) == [("unquoted-string", refusal("metadata.version", f"{kind} {read}", written))]
    assert line(cluster.at("version")) == (written, f"version: {written}")
    [problem] = loaded.problems
    assert problem.source.document.locate(problem.source.path).line == 4


def test_quotes_and_other_plain_scalars_are_fine():
    loaded = load("kind: ClusterConfig\nmetadata: {name: shop, version: '1.30', tags: {a: 2026-01-01, b: v1, c: ~}}")
    assert problems(loaded) == []
    assert loaded.clusters[0].tags == {"a": "2026-01-01", "b": "v1", "c": ""}


def test_unquoted_labels_keep_what_was_meant():
    loaded = load(HEADER + "nodeGroups: [{name: a, labels: {gpu: true, count: 010}, taints: {b: no}}]")
    [(pool, _)] = loaded.pools
    assert (pool.labels["gpu"], pool.labels["count"]) == ("true", "010")
    assert pool.taints[0].effect == "no"
    assert [message for _, message in problems(loaded)] == [
        refusal("nodeGroups[0].labels.gpu", "boolean true", "true"),
        refusal("nodeGroups[0].labels.count", "number 8", "010"),
        refusal("nodeGroups[0].taints.b", "boolean false", "no"),
    ]


def test_unquoted_strings_behind_an_alias():
    loaded = load(HEADER + "nodeGroups: [{name: a, labels: {x: &n 1}, tags: {z: *n}}]")
    assert loaded.pools[0][0].tags == {"z": "1"}
    assert len(loaded.problems) == 2


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ("minSize: '2'", "min_size", "minSize must be an integer, not the text 2"),
        ("minSize: 2.5", "min_size", "minSize must be an integer, not the number 2.5"),
        ("minSize: true", "min_size", "minSize must be an integer, not the boolean true"),
        ("minSize: [2]", "min_size", "minSize must be an integer, not a list"),
        ("spot: 'true'", "capacity_type", "spot must be a boolean, not the text true"),
        ("spot: 1", "capacity_type", "spot must be a boolean, not the number 1"),
        ("instanceType: {a: b}", "instance_types", "instanceType must be a string, not a mapping"),
        ("instanceTypes: m5.large", "instance_types", "instanceTypes must be a list of strings, not the text m5.large"),
        ("labels: [a]", "labels", "labels must be a mapping of strings, not a list"),
        ("iam: true", "role", "iam must be a mapping, not the boolean true"),
        ("updateConfig: 1", "update_config", "updateConfig must be a mapping, not the number 1"),
        ("instanceSelector: []", "instance_requirements", "instanceSelector must be a mapping, not a list"),
        ("amiFamily: []", "ami_family", "amiFamily must be a string, not a list"),
    ],
)
def test_a_value_of_the_wrong_type(fields, field, message):
    loaded = load(HEADER + f"managedNodeGroups: [{{name: a, {fields}}}]")
    [(pool, _)] = loaded.pools
    assert value(pool, field) == UNKNOWN
    assert problems(loaded) == [("wrong-type", f"managedNodeGroups[0].{message}")]


def test_a_wrong_item_leaves_the_others_known():
    loaded = load(HEADER + "managedNodeGroups: [{name: a, instanceTypes: [m5.large, [x]]}]")
    types = loaded.pools[0][0].instance_types
    assert types[0] == "m5.large"
    assert value(loaded.pools[0][0], "instance_types", 1) == UNKNOWN
    assert problems(loaded) == [("wrong-type", "managedNodeGroups[0].instanceTypes[1] must be a string, not a list")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("nodeGroups: {a: {}}", ["nodeGroups must be a list, not a mapping"]),
        ("nodeGroups: null", []),
        ("nodeGroups: [null, {name: a}]", ["nodeGroups[0] must be a mapping, not empty"]),
        ("nodeGroups: [x]", ["nodeGroups[0] must be a mapping, not the text x"]),
        ("nodeGroups: ${GROUPS}", []),
        ("metadata: []", ["metadata must be a mapping, not a list"]),
        ("vpc: {subnets: {private: [a]}}", ["vpc.subnets.private must be a mapping, not a list"]),
        ("fargateProfiles: [{name: a, selectors: {}}]", ["fargateProfiles[0].selectors must be a list, not a mapping"]),
    ],
)
def test_sections_of_the_wrong_shape(body, expected):
    loaded = load(f"kind: ClusterConfig\n{body}\n")
    assert [message for _, message in problems(loaded)] == expected
    assert len(loaded.clusters) == 1


@pytest.mark.parametrize("text", ["kind: ClusterConfig", "- a", "text", "5", "{}"])
def test_hardly_a_config_at_all(text):
    [cluster] = load(text).clusters
    assert str(cluster) == "unnamed cluster"


def test_template_markers_are_no_problem_of_eksctl():
    loaded = load(HEADER + "nodeGroups: [{name: '{{ name }}', minSize: '${MIN}', spot: '${X}', labels: '${LABELS}'}]")
    assert problems(loaded) == []
    [(pool, _)] = loaded.pools
    assert {value(pool, field) for field in ("name", "min_size", "labels")} == {UNKNOWN}


def test_the_reason_of_an_unknown_is_in_words():
    [(pool, _)] = load(HEADER + "nodeGroups: [{name: a, minSize: '${MIN}', maxSize: x}]").pools
    assert pool.reading("min_size").value.why == "a template fills it in"
    assert pool.reading("max_size").value.why == "it is not an integer"


def test_each_problem_is_noted_once():
    loaded = load(HEADER + "iam: {withOIDC: maybe}\nnodeGroups: [{name: a, ssh: {allow: 1}}, {name: b}]")
    assert sorted(message for _, message in problems(loaded)) == [
        "iam.withOIDC must be a boolean, not the text maybe",
        "nodeGroups[0].ssh.allow must be a boolean, not the number 1",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "managedNodeGroups: [{name: a, instanceName: {}}]",
            "managedNodeGroups[0].instanceName must be a string, not a mapping",
        ),
        ("capabilities: {name: a}", "capabilities must be a list, not a mapping"),
        ("capabilities: [null]", "capabilities[0] must be a mapping, not empty"),
        ("addons: [{name: a, tags: [b]}]", "addons[0].tags must be a mapping of strings, not a list"),
        ("gitops: {flux: {flags: [--owner]}}", "gitops.flux.flags must be a mapping of strings, not a list"),
        ("localZones: us-west-2-lax-1a", "localZones must be a list of strings, not the text us-west-2-lax-1a"),
        ("zonalShiftConfig: {enabled: 'yes'}", "zonalShiftConfig.enabled must be a boolean, not the text yes"),
        ("zonalShiftConfig: true", "zonalShiftConfig must be a mapping, not the boolean true"),
        (
            "nodeGroups: [{name: a, kubeletExtraConfig: [a]}]",
            "nodeGroups[0].kubeletExtraConfig must be a mapping, not a list",
        ),
        (
            "nodeGroups: [{name: a, instancesDistribution: {maxPrice: cheap}}]",
            "nodeGroups[0].instancesDistribution.maxPrice must be a number, not the text cheap",
        ),
        (
            "nodeGroups: [{name: a, additionalVolumes: [{volumeSize: 80Gi}]}]",
            "nodeGroups[0].additionalVolumes[0].volumeSize must be an integer, not the text 80Gi",
        ),
        ("vpc: {subnets: {public: {a: b}}}", "vpc.subnets.public.a must be a mapping, not the text b"),
        (
            "identityProviders: [{type: oidc, name: a, clientID: [b]}]",
            "identityProviders[0].clientID must be a string, not a list",
        ),
    ],
)
def test_a_wrong_type_where_no_part_of_the_model_comes_from(body, expected):
    assert problems(load(HEADER + body)) == [("wrong-type", expected)]


def test_an_unquoted_string_where_no_part_of_the_model_comes_from():
    loaded = load(HEADER + "controlPlaneScalingConfig: {tier: 1}\naddons: [{name: a, owners: [yes]}]")
    assert problems(loaded) == [
        ("unquoted-string", refusal("controlPlaneScalingConfig.tier", "number 1", "1")),
        ("unquoted-string", refusal("addons[0].owners[0]", "boolean true", "yes")),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "capabilities: null",
        "vpc: {subnets: {public: {eu-west-1a: null}}, extraCIDRs: [null]}",
        "nodeGroups: [{name: a, instancesDistribution: {maxPrice: 1}, kubeletExtraConfig: {any: [thing]}}]",
        "nodeGroups: [{name: a, additionalVolumes: ['${VOLUME}'], asgMetricsCollection: '{{ metrics }}'}]",
        "iam: {serviceAccounts: [{metadata: {name: a, annotations: {a: null, b: '1'}}}], '${KEY}': [a]}",
        "zonalShiftConfig: {enabled: yes}",
    ],
)
def test_right_types_where_no_part_of_the_model_comes_from(body):
    assert problems(load(HEADER + body)) == []
