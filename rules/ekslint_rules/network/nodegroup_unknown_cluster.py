from collections.abc import Iterator

from ekslint import Finding, Pool, Severity, nearest, rule


@rule(Severity.WARNING, since="0.1.0", tags=("references",), dialects=("cloudformation",))
def nodegroup_unknown_cluster(pool: Pool) -> Iterator[Finding]:
    """A pool names a cluster that no file declares, but one that is spelt almost the same.

    ## Why is this bad?
    EKS finds no such cluster, and the stack fails; or the nodes join another one than was meant.

    ## When it stays silent
    Names that resemble none of the clusters in the files: such a cluster is declared elsewhere.

    ## References
    - AWS CloudFormation template reference, AWS::EKS::Nodegroup: ClusterName
    """
    cluster = pool.cluster
    if cluster is None or not cluster.is_implicit or cluster.name is None:
        return
    declared = {
        each.name: each for each in cluster.estate.clusters if not each.is_implicit and not each.unknown("name")
    }
    meant = nearest(cluster.name, [name for name in declared if name is not None])
    if meant is None or meant == cluster.name or _differs_in_a_number(meant, cluster.name):
        return
    yield Finding(
        pool.at("cluster"),
        f"{pool} joins {cluster.name}, which no file declares",
        label="unknown cluster",
        help=f"did you mean {meant}?",
        related=[(declared[meant].at("name"), f"{declared[meant]}")],
    )


def _differs_in_a_number(one: str, other: str) -> bool:
    """Whether two names count clusters (`shop-1`, `shop-2`), so that they are no slips of each other."""
    return one.strip("0123456789") == other.strip("0123456789")
