"""The rules of category eksctl on what no fixture holds: broken values everywhere, templates everywhere, knots."""

import json
from datetime import date
from textwrap import dedent

import pytest
import yaml

from ekslint.engine.registry import registry
from ekslint.engine.run import run
from ekslint.loaders.helm import HelmCharts
from ekslint.loaders.intake import Intake
from ekslint.loaders.loading import load

REGISTRY = registry()
RULES = REGISTRY.load([name for name in REGISTRY.names if name.startswith("eksctl-")])
BROKEN = [None, 5, "", [], {}, [None], "${X}", {"${K}": 1}]
EVERYTHING = yaml.safe_load(
    """
    apiVersion: eksctl.io/v1alpha5
    kind: ClusterConfig
    metadata: {name: shop, region: eu-west-1, version: "1.34", rollbackConfig: {timeoutMinutes: 200}}
    upgradePolicy: {supportType: STANDARD}
    availabilityZones: [eu-west-1a, eu-west-1b]
    localZones: [us-west-2-lax-1a]
    kubernetesNetworkConfig: {ipFamily: IPv6, serviceIPv4CIDR: 10.100.0.0/16}
    remoteNetworkConfig: {vpcGatewayID: tgw-1, iam: {provider: ira}, remoteNodeNetworks: [{cidrs: [10.80.0.0/24]}]}
    outpost: {controlPlaneOutpostARN: "arn:aws:outposts:eu-west-1:1:outpost/op-1", etcdPlacement: {groupName: a}}
    privateCluster: {enabled: true, skipEndpointCreation: true, additionalEndpointServices: [logs]}
    secretsEncryption: {keyARN: "arn:aws:kms:eu-west-1:1:key/1"}
    autoModeConfig: {enabled: true, nodePools: [system], nodeRoleARN: "arn:aws:iam::1:role/a"}
    addonsConfig: {disableDefaultAddons: true, autoApplyPodIdentityAssociations: true}
    karpenter: {version: 1.6.0}
    gitops: {flux: {gitProvider: github, flags: {owner: a}}}
    cloudWatch: {clusterLogging: {enableTypes: [api], logRetentionInDays: 30}}
    vpc:
      id: vpc-1
      cidr: 10.0.0.0/16
      nat: {gateway: Single}
      hostnameType: ip-name
      controlPlaneOnPrivateSubnets: true
      publicAccessCIDRs: [10.0.0.0/8]
      clusterEndpoints: {publicAccess: false, privateAccess: false}
      subnets: {private: {a: {id: subnet-1, az: eu-west-1a}}, public: {b: {id: subnet-2}}}
    iam:
      withOIDC: false
      serviceAccounts:
        - {metadata: {name: a, namespace: b}, attachPolicyARNs: [a], wellKnownPolicies: {ebsCSIController: true}}
      podIdentityAssociations: [{namespace: a, serviceAccountName: b, roleARN: c, permissionPolicyName: d}]
    iamIdentityMappings: [{arn: a, username: b, groups: [c], serviceName: emr-containers, namespace: d}]
    identityProviders: [{type: oidc, name: a, clientID: b, issuerURL: c}]
    accessConfig:
      authenticationMode: API
      bootstrapClusterCreatorAdminPermissions: false
      accessEntries:
        - principalARN: arn:aws:iam::1:role/a
          type: STANDARD
          accessPolicies: [{policyARN: a, accessScope: {type: cluster}}]
    addons:
      - name: vpc-cni
        version: 1.19.0
        configurationValues: "a: b"
        podIdentityAssociations: [{namespace: a, serviceAccountName: b, roleARN: c}]
    fargateProfiles: [{name: a, selectors: [{namespace: b}]}]
    capabilities: [{name: a, type: ARGOCD, configuration: {argocd: {awsIdc: {idcInstanceArn: a}}}}]
    managedNodeGroups: [{name: a, subnets: [a], privateNetworking: false}]
    nodeGroups: [{name: a, subnets: [a], outpostARN: b, amiFamily: Bottlerocket}]
    """
)


def run_all(text):
    intake = Intake(HelmCharts(()))
    intake.take("cluster.yaml", text.encode())
    estate, _ = load(intake, date(2026, 11, 21))
    return run(RULES, estate, {})


def paths_of(node, path=()):
    yield path
    if isinstance(node, dict | list):
        for step in node if isinstance(node, dict) else range(len(node)):
            yield from paths_of(node[step], (*path, step))


def with_value(node, path, value):
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = with_value(node[path[0]], path[1:], value)
    return copy


def test_there_are_rules():
    assert len(RULES) >= 27


@pytest.mark.parametrize("broken", BROKEN, ids=json.dumps)
def test_no_value_breaks_a_rule(broken):
    for path in paths_of(EVERYTHING):
        if path and path[0] not in {"apiVersion", "kind"}:
            findings = run_all(json.dumps(with_value(EVERYTHING, path, broken)))
            assert not findings.failures, path
            for found in findings.found:
                assert found.finding.place.location.line >= 1


def templated(node):
    if isinstance(node, dict):
        return {key: templated(value) for key, value in node.items()}
    return [templated(item) for item in node] if isinstance(node, list) else "${VALUE}"


def test_where_a_template_fills_in_every_value_no_rule_about_values_speaks():
    kept = {key: EVERYTHING[key] for key in ("apiVersion", "kind")}
    findings = run_all(json.dumps({**templated(EVERYTHING), **kept}))
    # Subnets and zones cannot stand together, whatever their values.
    assert [found.rule.name for found in findings.found] == ["eksctl-az-count"]


@pytest.mark.parametrize("field", ["addons", "capabilities", "fargateProfiles", "iamIdentityMappings", "nodeGroups"])
def test_knots_of_aliases(field):
    knots = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
    text = dedent(
        """\
        apiVersion: eksctl.io/v1alpha5
        kind: ClusterConfig
        metadata: {name: shop, region: "${REGION}"}
        a0: &a0 [{name: x, selectors: [{}]}]
        """
    )
    findings = run_all(f"{text}{knots}\n{field}: *a9\n")
    assert not findings.failures
    assert len(findings.found) < 100


def test_several_problems_of_one_file_are_several_findings():
    findings = run_all(json.dumps(EVERYTHING))
    by_rule = {}
    for found in findings.found:
        place = found.finding.place.location
        by_rule.setdefault(found.rule.name, []).append((place, found.finding.message))
    assert len(by_rule["eksctl-outposts"]) >= 10
    assert len(by_rule["eksctl-private-cluster"]) >= 5
    assert all(len(told) == len(set(told)) for told in by_rule.values())
