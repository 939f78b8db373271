"""Files as people write them, from the questions that the project began with."""

from eksctl_loading import load, value

SELF_MANAGED = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: mine, region: eu-central-1, version: '1.21'}
vpc:
  id: vpc-123454
  subnets:
    private:
      private1: {id: subnet-11222}
      private2: {id: subnet-11333}
  securityGroup: sg-4444444
iam: {withOIDC: true}
nodeGroups:
  - name: ng-bottlerocket
    instanceType: m5.large
    privateNetworking: true
    desiredCapacity: 2
    amiFamily: Bottlerocket
    ami: auto-ssm
    iam:
      attachPolicyARNs:
        - arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy
        - arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly
    ssh: {allow: true, publicKeyName: mykeypair}
    subnets: [subnet-11222, subnet-11333]
"""
NODE_POOLS = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: my-eks-cluster, region: eu-west-1, version: "1.34"}
managedNodeGroups:
  - name: general-pool
    instanceType: t3.medium
    minSize: 2
    desiredCapacity: 2
    maxSize: 5
    labels: {workload: cpu}
    taints: [{key: dedicated, value: batch, effect: NoSchedule}]
"""


def test_a_self_managed_group_in_an_existing_vpc():
    loaded = load(SELF_MANAGED)
    [cluster] = loaded.clusters
    [(pool, _)] = loaded.pools
    assert loaded.problems == []
    assert (cluster.version, cluster.may_be_partial) == ("1.21", 1)
    assert (pool.min_size, pool.desired_size, pool.max_size) == (2, 2, 2)
    assert (pool.ssh_allowed, pool.uses_private_networking) == (True, True)
    assert (pool.policies_replaced, pool.ami_id) == (True, "auto-ssm")
    assert [policy.rpartition("/")[2] for policy in pool.role.managed_policies] == [
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
    ]
    assert [subnet.is_public for subnet in pool.subnets] == [False, False]
    assert len(pool.availability_zones) == 2
    assert cluster.availability_zones is None
    assert value(cluster, "security_groups") == ["sg-4444444"]


def test_a_plain_file_of_a_new_cluster_is_all_of_it():
    loaded = load(NODE_POOLS)
    [cluster] = loaded.clusters
    [(pool, _)] = loaded.pools
    assert (cluster.may_be_partial, cluster.has_hidden_parts) == (0, False)
    assert (pool.min_size, pool.max_size) == (2, 5)
    assert str(pool.taints[0]) == "dedicated=batch:NoSchedule"
    assert pool.labels["workload"] == "cpu"
