import re
from collections.abc import Iterator

from ekslint import Cluster, Container, Finding, KubernetesObject, NodeGroup, Place, Severity, Workload, nearest, rule
from ekslint_rules._releases import releases

_PLACEHOLDER = re.compile(r"[<>{}$%\[\]]|your|YOUR|NAME|example|change-?me|my-?cluster", re.IGNORECASE)
_BY_FLAG = {
    "aws-load-balancer-controller": "--cluster-name=",
    "aws-alb-ingress-controller": "--cluster-name=",
}
"""By the end of an image's repository: what stands before the name of the cluster in an argument."""
_BY_VARIABLE = {"karpenter/controller": "CLUSTER_NAME", "karpenter": "CLUSTER_NAME"}
_BY_CHART = {
    "aws-load-balancer-controller": (("clusterName",),),
    "karpenter": (("settings", "clusterName"), ("settings", "aws", "clusterName")),
}
"""By chart: the values that name the cluster. Of the Cluster Autoscaler's speaks ca-cluster-mismatch."""
_NO_CLUSTER = ("enabled", "node-template")
"""What else the tags of Cluster Autoscaler may go on with."""


@rule(Severity.ERROR, since="0.1.0", dialects=("eksctl", "cloudformation", "kubernetes"))
def cluster_name_mismatch(subject: NodeGroup | KubernetesObject) -> Iterator[Finding]:
    """Something is told the name of another cluster than the one that it is for.

    ## Why is this bad?
    Nodes look for a cluster that does not exist and never join; controllers look for resources that are tagged with
    another name, and find none.

    ## When it stays silent
    Clusters without a known name, placeholders, and manifests that may go to several clusters: where none has that
    name, they are for one that is declared elsewhere.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates
    - Cluster Autoscaler on AWS, auto-discovery
    """
    if isinstance(subject, NodeGroup):
        yield from _of_group(subject)
    elif isinstance(subject, Workload):
        yield from _of_workload(subject)
    else:
        yield from _of_releases(subject)


def _of_group(group: NodeGroup) -> Iterator[Finding]:
    user_data = group.user_data
    if user_data is None or user_data.cluster_name is None:
        return
    told = user_data.cluster_name
    cluster = group.cluster
    if cluster is None or _PLACEHOLDER.search(told):
        return
    if cluster.is_implicit and cluster.name == told:
        # Nothing else says which cluster it is: a template that declares one cluster means that one.
        document = group.origin.document
        beside = [each for each in cluster.estate.clusters if not each.is_implicit and each.origin.document is document]
        if len(beside) != 1:
            return
        [cluster] = beside
    if cluster.name is not None and cluster.name != told:
        yield _finding(user_data.at("cluster_name"), f"the user data of {group}", told, cluster, "its nodes never join")


def _of_workload(workload: Workload) -> Iterator[Finding]:
    for container in workload.pod.containers:
        for place, told in _told(container):
            yield from _judge(workload, place, told)


def _of_releases(object_: KubernetesObject) -> Iterator[Finding]:
    for chart, names in _BY_CHART.items():
        for release in releases(object_, chart):
            for path in names:
                told = release.setting(*path)
                if isinstance(told, str):
                    yield from _judge(object_, release.place(*path), told)


def _judge(object_: KubernetesObject, place: Place, told: str) -> Iterator[Finding]:
    if not told or told in _NO_CLUSTER or _PLACEHOLDER.search(told):
        return
    if len(object_.clusters) > 1:
        return  # of several, none need be the one that is meant
    cluster = object_.cluster
    if cluster is not None and cluster.name is not None and cluster.name != told:
        yield _finding(place, str(object_), told, cluster, "it finds nothing that is tagged for it")


def _told(container: Container) -> Iterator[tuple[Place, str]]:
    image = container.image_reference
    if image is None:
        return
    for repository, prefix in _BY_FLAG.items():
        if not image.repository.endswith(repository):
            continue
        for field in ("command", "args"):
            words = container.command if field == "command" else container.arguments
            for index, word in enumerate(words):
                _, found, rest = word.partition(prefix)
                while found:
                    name, _, rest = rest.partition(",")
                    name = name.partition("=")[0].partition("/")[0]
                    yield container.at(field, index), name.strip("\"'")
                    _, found, rest = rest.partition(prefix)
    for repository, variable in _BY_VARIABLE.items():
        if image.repository.endswith(repository):
            for index, each in enumerate(container.environment):
                if each.name == variable and each.value is not None:
                    yield container.at("env", index, "value"), each.value
            return


def _finding(place: Place, who: str, told: str, cluster: Cluster, consequence: str) -> Finding:
    name = cluster.name or ""
    return Finding(
        place,
        f"{who} says that its cluster is {told}, but it is {name}: {consequence}",
        label=f"did you mean {name}?" if nearest(told, [name]) else f"not {name}",
        help=f"write {name}",
        related=[(cluster.at("name"), "the cluster")],
    )
