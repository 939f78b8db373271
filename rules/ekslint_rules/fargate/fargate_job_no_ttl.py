from collections.abc import Iterator

from ekslint import CronJob, Finding, Job, Placement, Severity, rule

_DELETED = {"argocd.argoproj.io/hook-delete-policy": "HookSucceeded", "helm.sh/hook-delete-policy": "hook-succeeded"}
"""The annotations of hooks that go once they have succeeded."""


@rule(Severity.WARNING, since="0.1.0", tags=("fargate", "cost"), dialects=("eksctl", "cloudformation", "kubernetes"))
def fargate_job_no_ttl(placement: Placement) -> Iterator[Finding]:
    """A Job on Fargate is never deleted, and its finished pods go on costing money.

    ## Why is this bad?
    On Fargate every pod has a machine of its own, which is there as long as the pod. The pods of a finished Job stay
    until somebody deletes the Job.

    ## When it stays silent
    `ttlSecondsAfterFinished`, and for a CronJob histories of no Jobs; hooks of Helm and Argo CD that are deleted when
    they have succeeded.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations
    - Kubernetes documentation, automatic cleanup for finished Jobs
    - Helm, chart hooks; Argo CD, resource hooks: deletion policies
    """
    workload = placement.workload
    if not isinstance(workload, Job) or placement.fargate_profile is None or workload.time_to_live is not None:
        return
    if any(policy in workload.annotations.get(key, "") for key, policy in _DELETED.items()):
        return
    what = "finished pods stay, and are paid for"
    if isinstance(workload, CronJob):
        kept = [workload.integer("spec", f"{how}JobsHistoryLimit") for how in ("successful", "failed")]
        if all(limit == 0 for limit in kept):
            return
        number = sum(default if limit is None else limit for limit, default in zip(kept, (3, 1), strict=True))
        what = f"the pods of its last {number} Jobs stay, and are paid for" if number > 1 else what
    yield Finding(
        workload.at("name"),
        f"{workload} runs on Fargate without ttlSecondsAfterFinished: {what}",
        label="never deleted",
        help="set ttlSecondsAfterFinished, as in 300",
        related=[(placement.fargate_profile.at("selectors"), f"{placement.fargate_profile} takes it")],
        lower=placement.cluster.tolerance,
    )
