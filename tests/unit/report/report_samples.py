"""Outcomes for the tests of the reports: one as real runs give it, and what hostile files would make of it."""

from collections.abc import Mapping

from ekslint.engine.diagnostic import Diagnostic, Outcome, RelatedLocation, RuleDescription, Summary
from ekslint.engine.severity import Severity
from ekslint.source.location import Location

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
        - name: worker
          image: registry.example.com/worker:latest
          securityContext:
            runAsUser: 0
            privileged: true
      nodeSelector:
        workload: cpu2
"""

CLUSTER = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: shop
  region: eu-west-1
  version: "1.33"
managedNodeGroups:
  - name: general
    instanceType: m7g.large
    minSize: 1
    maxSize: 4
    privateNetworking: true
    volumeSize: 80
    labels: {workload: cpu}
  - name: gpu
    instanceType: g5.xlarge
    labels: {workload: gpu}
    taints:
      - key: nvidia.com/gpu
        value: "true"
        effect: NoSchedule
"""

TRUST_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\n'

FILES: Mapping[str, str] = {
    "apps/worker/deployment.yaml": DEPLOYMENT,
    "infra/cluster.yaml": CLUSTER,
    "infra/iam/trust policy 100%.json": TRUST_POLICY,
    "infra/größe.yaml": "metadata:\n  name: größe-日本語  # 日本語のコメント\n  labels: {a: b}\n",
}


def at(path: str, line: int, text: str, files: Mapping[str, str] = FILES) -> Location:
    """The place of `text` in a line (from 1) of one of the files."""
    column = files[path].split("\n")[line - 1].index(text) + 1
    return Location(path, line, column, line, column + len(text))


RULES = (
    RuleDescription(
        name="workload-matches-no-node-pool",
        category="scheduling",
        severity=Severity.ERROR,
        summary="No node pool has the labels that a workload asks for.",
        documentation=(
            "No node pool has the labels that a workload asks for.\n\n"
            "## Why is this bad?\nThe pods stay Pending: the scheduler finds no node,\nand no autoscaler adds one.\n\n"
            "## When it stays silent\nWhere a pool's labels are known only at deploy time.\n"
        ),
        since="0.1.0",
        tags=("reliability",),
        dialects=("eksctl", "kubernetes", "karpenter"),
    ),
    RuleDescription(
        name="privileged-container",
        category="security",
        severity=Severity.ERROR,
        summary="A container runs privileged.",
        documentation="A container runs privileged.\n\n## Why is this bad?\nIt is root on the node.\n",
        since="0.1.0",
        tags=("pod-security",),
        dialects=("kubernetes",),
        options={"allowed_namespaces": ("kube-system",), "report_init_containers": True},
    ),
    RuleDescription(
        name="floating-image-tag",
        category="images",
        severity=Severity.WARNING,
        summary="An image is named by a tag that moves.",
        documentation="An image is named by a tag that moves.\n\n## Why is this bad?\nTwo pods may differ.\n",
        since="0.1.0",
        dialects=("kubernetes",),
    ),
    RuleDescription(
        name="node-group-without-headroom",
        category="scaling",
        severity=Severity.INFO,
        summary="A node group cannot grow.",
        documentation="A node group cannot grow.\n\n## Why is this bad?\nAn upgrade needs one node more.\n",
        since="0.2.0",
        preview=True,
    ),
    RuleDescription(
        name="wildcard-policy",
        category="iam",
        severity=Severity.WARNING,
        summary="A policy allows every action on every resource.",
        documentation="A policy allows every action on every resource.\n\n## Why is this bad?\nPods become admins.\n",
        since="0.1.0",
        tags=("security",),
    ),
)

DIAGNOSTICS = (
    Diagnostic(
        rule="floating-image-tag",
        category="images",
        severity=Severity.WARNING,
        message="container worker runs registry.example.com/worker:latest, whatever that is today",
        location=at("apps/worker/deployment.yaml", 16, "registry.example.com/worker:latest"),
        resource="Deployment.apps/shop/worker",
        cluster=None,
        fingerprint="3f0d2c7b5a918e64",
    ),
    Diagnostic(
        rule="privileged-container",
        category="security",
        severity=Severity.ERROR,
        message="container worker runs privileged",
        location=at("apps/worker/deployment.yaml", 19, "true"),
        resource="Deployment.apps/shop/worker",
        cluster="shop",
        fingerprint="a1b2c3d4e5f60718",
        label="full access to the node",
        help="drop it and add only the capabilities that the process needs",
        related=(RelatedLocation(at("apps/worker/deployment.yaml", 15, "worker"), "this container"),),
    ),
    Diagnostic(
        rule="workload-matches-no-node-pool",
        category="scheduling",
        severity=Severity.ERROR,
        message="no node pool of cluster shop carries workload=cpu2",
        location=at("apps/worker/deployment.yaml", 21, "cpu2"),
        resource="Deployment.apps/shop/worker",
        cluster="shop",
        fingerprint="0011223344556677",
        label="0 of 2 node pools match",
        help="set workload to cpu, or label a node group",
        notes=("Fargate profile default: no selector matches namespace shop",),
        related=(
            RelatedLocation(
                at("infra/cluster.yaml", 14, "cpu"), "node group general: workload is cpu (did you mean this?)"
            ),
            RelatedLocation(at("infra/cluster.yaml", 19, "nvidia.com/gpu"), "node group gpu: untolerated taint"),
        ),
    ),
    Diagnostic(
        rule="node-group-without-headroom",
        category="scaling",
        severity=Severity.INFO,
        message="node group general has one node at least",
        location=at("infra/cluster.yaml", 10, "1"),
        resource="ManagedNodeGroup/general",
        cluster="shop",
        fingerprint="89abcdef01234567",
    ),
    Diagnostic(
        rule="floating-image-tag",
        category="images",
        severity=Severity.WARNING,
        message="größe-日本語 is named by a tag that moves",
        location=at("infra/größe.yaml", 2, "größe-日本語"),
        resource="Deployment.apps/größe",
        cluster=None,
        fingerprint="fedcba9876543210",
        label="hier",
        related=(RelatedLocation(at("infra/größe.yaml", 2, "のコメント"), "この注釈"),),
    ),
    Diagnostic(
        rule="wildcard-policy",
        category="iam",
        severity=Severity.WARNING,
        message="the policy allows every action on every resource",
        location=at("infra/iam/trust policy 100%.json", 1, '"Resource": "*"'),
        resource="AWS::IAM::Policy/Admin",
        cluster=None,
        fingerprint="7766554433221100",
        label="every resource",
        related=(RelatedLocation(at("infra/iam/trust policy 100%.json", 1, '"Action": "*"'), "every action"),),
    ),
)


def outcome(
    *diagnostics: Diagnostic,
    files: Mapping[str, str] = FILES,
    rules: tuple[RuleDescription, ...] = RULES,
    undecided: tuple[RelatedLocation, ...] = (),
    linted: int = 4,
    skipped: int = 0,
    ignored: int = 0,
    hidden: int = 0,
    clusters: tuple[str, ...] = (),
) -> Outcome:
    """An outcome whose counts agree with its diagnostics."""

    def number(severity: Severity) -> int:
        return sum(each.severity is severity for each in diagnostics)

    summary = Summary(
        files=linted,
        errors=number(Severity.ERROR),
        warnings=number(Severity.WARNING),
        infos=number(Severity.INFO),
        undecided=len(undecided),
        seconds=0.6149,
        skipped=skipped,
        ignored=ignored,
        hidden=hidden,
        clusters=clusters,
    )
    return Outcome(tuple(diagnostics), lambda: rules, summary, files.get, undecided)


def realistic() -> Outcome:
    """Every severity, several files, related places, odd paths, and something that is not shown."""
    return outcome(
        *DIAGNOSTICS,
        undecided=(RelatedLocation(at("infra/cluster.yaml", 9, "m7g.large"), "the instance type comes from ${TYPE}"),),
        linted=214,
        skipped=61,
        ignored=5,
        clusters=("shop 1.33", "stage 1.32"),
    )


def finding(
    location: Location,
    message: str = "something is wrong",
    *,
    rule: str = "privileged-container",
    severity: Severity = Severity.ERROR,
    label: str | None = None,
    help_text: str | None = None,
    notes: tuple[str, ...] = (),
    related: tuple[RelatedLocation, ...] = (),
    resource: str = "Pod/api",
    cluster: str | None = None,
    fingerprint: str = "0123456789abcdef",
) -> Diagnostic:
    """A diagnostic of which only the interesting parts are given."""
    return Diagnostic(
        rule, "security", severity, message, location, resource, cluster, fingerprint, label, help_text, notes, related
    )
