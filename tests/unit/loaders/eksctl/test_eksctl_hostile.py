"""Nothing in a file may make the loader fail, and everything it makes of one can be read and located."""

import json
from copy import deepcopy
from itertools import islice

import pytest
from eksctl_loading import line, load

EVERYTHING = {
    "kind": "ClusterConfig",
    "metadata": {"name": "shop", "region": "eu-west-1", "version": "1.34", "tags": {"a": "b"}},
    "availabilityZones": ["eu-west-1a", "eu-west-1b"],
    "kubernetesNetworkConfig": {"ipFamily": "IPv4", "serviceIPv4CIDR": "10.100.0.0/16"},
    "upgradePolicy": {"supportType": "STANDARD"},
    "zonalShiftConfig": {"enabled": True},
    "secretsEncryption": {"keyARN": "arn:aws:kms:eu-west-1:1:key/1"},
    "privateCluster": {"enabled": False},
    "outpost": {"etcdInstanceType": "m5.large"},
    "karpenter": {"version": "1.9.0", "withSpotInterruptionQueue": True},
    "cloudWatch": {"clusterLogging": {"enableTypes": ["*"], "logRetentionInDays": 60}},
    "autoModeConfig": {"enabled": True, "nodePools": ["system"], "nodeRoleARN": "arn:aws:iam::1:role/a"},
    "accessConfig": {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
        "accessEntries": [{"principalARN": "arn", "kubernetesGroups": ["x"], "accessPolicies": [{"policyARN": "arn"}]}],
    },
    "iamIdentityMappings": [{"arn": "arn", "groups": ["g"], "username": "u"}],
    "addons": [
        {
            "name": "vpc-cni",
            "version": "latest",
            "attachPolicyARNs": ["arn"],
            "wellKnownPolicies": {"ebsCSIController": True},
            "podIdentityAssociations": [{"namespace": "n", "serviceAccountName": "s", "roleARN": "arn"}],
        }
    ],
    "addonsConfig": {"disableDefaultAddons": False, "autoApplyPodIdentityAssociations": False},
    "iam": {
        "withOIDC": True,
        "vpcResourceControllerPolicy": True,
        "serviceAccounts": [{"metadata": {"name": "a", "namespace": "b"}, "attachPolicy": {"Statement": []}}],
        "podIdentityAssociations": [{"namespace": "n", "serviceAccountName": "s"}],
    },
    "vpc": {
        "id": "vpc-1",
        "cidr": "10.0.0.0/16",
        "nat": {"gateway": "Single"},
        "clusterEndpoints": {"publicAccess": True, "privateAccess": True},
        "publicAccessCIDRs": ["10.0.0.0/8"],
        "controlPlaneSubnetIDs": ["subnet-1"],
        "controlPlaneSecurityGroupIDs": ["sg-1"],
        "subnets": {
            "private": {"one": {"id": "subnet-1", "az": "eu-west-1a", "cidr": "10.0.1.0/24"}},
            "public": {"eu-west-1b": {"id": "subnet-2"}},
        },
    },
    "remoteNetworkConfig": {"iam": {"provider": "ssm"}, "remoteNodeNetworks": [{"cidrs": ["10.1.0.0/16"]}]},
    "fargateProfiles": [{"name": "fp", "selectors": [{"namespace": "n", "labels": {"a": "b"}}], "subnets": ["one"]}],
    "managedNodeGroups": [
        {
            "name": "m",
            "minSize": 1,
            "desiredCapacity": 2,
            "maxSize": 3,
            "instanceTypes": ["m5.large"],
            "instanceSelector": {"vCPUs": 2},
            "spot": False,
            "amiFamily": "AmazonLinux2023",
            "labels": {"a": "b"},
            "taints": [{"key": "k", "value": "v", "effect": "NoSchedule"}],
            "subnets": ["one", "subnet-2", "subnet-3"],
            "updateConfig": {"maxUnavailable": 1},
            "nodeRepairConfig": {"enabled": True},
            "launchTemplate": {"id": "lt-1", "version": "1"},
        }
    ],
    "nodeGroups": [
        {
            "name": "s",
            "ami": "ami-1",
            "amiFamily": "AmazonLinux2",
            "instancesDistribution": {"instanceTypes": ["m5.large"], "onDemandBaseCapacity": 1, "maxPrice": 0.1},
            "ssh": {"allow": True, "sourceSecurityGroupIds": ["sg-1"]},
            "iam": {
                "attachPolicyARNs": ["arn:aws:iam::aws:policy/X"],
                "attachPolicy": {"Statement": [{"Effect": "Allow", "Action": ["a:b"], "Condition": {"x": {"y": "z"}}}]},
                "withAddonPolicies": {"autoScaler": True, "ebs": True},
                "instanceRoleName": "r",
            },
            "taints": {"k": "v:NoSchedule"},
            "propagateASGTags": True,
            "tags": {"a": "b"},
            "kubeletExtraConfig": {"maxPods": 10, "registerWithTaints": [{"key": "a", "effect": "NoExecute"}]},
            "bottlerocket": {"settings": {"kubernetes": {"max-pods": 10, "node-labels": {"a": "b"}}}},
            "preBootstrapCommands": ["echo"],
            "overrideBootstrapCommand": "echo",
            "capacityReservation": {"capacityReservationTarget": {"capacityReservationID": "cr-1"}},
            "instanceMarketOptions": {"marketType": "capacity-block"},
            "localZones": ["us-west-2-lax-1a"],
            "outpostARN": "arn",
            "disablePodIMDS": True,
            "volumeSize": 10,
        }
    ],
}


def paths_of(node, path=()):
    yield path
    for step, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from paths_of(child, (*path, step))


def replaced(path, new):
    document = deepcopy(EVERYTHING)
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = new
    return json.dumps(document)


PARTS = ("access_entries", "addons", "auto_mode", "identity_mappings", "pod_identity_associations", "service_accounts")


def entities_of(loaded):
    parts = [part for cluster in loaded.clusters for field in PARTS for part in cluster.possible_items(field)]
    return [*loaded.clusters, *(pool for pool, _ in loaded.pools), *loaded.entities, *parts]


def read_everything(loaded):
    for entity in entities_of(loaded):
        assert str(entity)
        assert entity.resource
        for field in type(entity).defaults:
            entity.unknown(field)
            list(islice(entity.possible_items(field), 100))


def locate_everything(loaded):
    for entity in entities_of(loaded):
        for field in type(entity).defaults:
            assert line(entity.at(field))[1]
            reading = entity.reading(field)
            for step in (reading.parts or {}) if reading is not None else ():
                assert line(entity.at(field, step))[1]


def test_everything_can_be_read():
    loaded = load(json.dumps(EVERYTHING))
    assert loaded.problems == []
    read_everything(loaded)
    locate_everything(loaded)
    assert {type(entity).__name__ for entity in entities_of(loaded)} >= {
        *("AutoMode", "Cluster", "FargateProfile", "HybridNodes", "KarpenterPool", "NodeGroup"),
        *("Addon", "AccessEntry", "DeclaredServiceAccount", "IdentityMapping", "PodIdentityAssociation"),
        *("Role", "Subnet", "VirtualNetwork"),
    }


@pytest.mark.parametrize("new", [None, "${X}", 1.5, ["${X}"], {"${K}": 1}], ids=repr)
def test_nothing_fails_wherever_anything_else_stands(new):
    for path in paths_of(EVERYTHING):
        if path:
            read_everything(load(replaced(path, new), merge=True))


def test_nothing_fails_wherever_something_is_missing():
    for path in paths_of(EVERYTHING):
        document = deepcopy(EVERYTHING)
        node = document
        for step in path[:-1]:
            node = node[step]
        if path:
            del node[path[-1]]
            loaded = load(json.dumps(document), merge=True)
            read_everything(loaded)
            locate_everything(loaded)


@pytest.mark.usefixtures("aliases_without_limit")
def test_a_value_that_refers_to_itself_in_many_ways_costs_little():
    bomb = "\n".join(
        ["kind: ClusterConfig", "metadata: {name: shop}", "x0: &x0 {a: b}"]
        + [f"x{level}: &x{level} {{{', '.join(f'k{n}: *x{level - 1}' for n in range(9))}}}" for level in range(1, 12)]
        + ["nodeGroups: [{name: a, kubeletExtraConfig: *x11, labels: *x11, iam: {attachPolicy: *x11}}]"]
    )
    loaded = load(bomb)
    assert loaded.pools[0][0].reading("kubelet_configuration").value.why == "it is too large to read"


def test_control_characters_stay_what_they_are():
    loaded = load('kind: ClusterConfig\nmetadata: {name: "a\\e[31m\\nb"}\nnodeGroups: [{name: "x\\u2028y"}]')
    assert loaded.clusters[0].name == "a\x1b[31m\nb"
    read_everything(loaded)
