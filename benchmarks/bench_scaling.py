"""Estates of one shape at two sizes: the cost must grow with the size, and not with its square."""

import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import medians
from ekslint.cli.main import main as ekslint

SMALL = 100
Files = Mapping[str, str]


def cluster(name: str, rest: str = "") -> str:
    return (
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n"
        f"metadata: {{name: {name}, region: eu-west-1, version: '1.34'}}\n{rest}"
    )


def groups(number: int) -> Files:
    """One cluster with many node groups."""
    items = "".join(
        f"  - {{name: g{each}, instanceType: m6i.large, minSize: 2, maxSize: 4, labels: {{role: r{each}}}}}\n"
        for each in range(number)
    )
    return {"cluster.yaml": cluster("shop", f"managedNodeGroups:\n{items}")}


_APPLICATION = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers: [{name: web, image: "registry.example.com/web:1.4", resources: {requests: {cpu: 250m, memory: 1Gi}}}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: NAME}}]
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop}
spec: {selector: {app: NAME}, ports: [{port: 80}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: NAME, namespace: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: NAME}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: NAME, namespace: shop}
spec: {minReplicas: 2, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: NAME, namespace: shop}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
"""
_THREE_GROUPS = groups(3)["cluster.yaml"]


def applications(number: int) -> Files:
    """One cluster with many applications."""
    texts = (_APPLICATION.replace("NAME", f"a{each}") for each in range(number))
    return {"cluster.yaml": _THREE_GROUPS, "apps.yaml": "---\n".join(texts)}


def copies(number: int) -> Files:
    """One application, again in every folder."""
    files = {f"env{each}/app.yaml": _APPLICATION.replace("NAME", "web") for each in range(number)}
    return {"cluster.yaml": _THREE_GROUPS, **files}


def environments(number: int) -> Files:
    """A cluster and an application in every folder."""
    files: dict[str, str] = {}
    for each in range(number):
        files[f"env{each}/cluster.yaml"] = _THREE_GROUPS.replace("name: shop", f"name: shop{each}")
        files[f"env{each}/app.yaml"] = _APPLICATION.replace("NAME", "web")
    return files


SHAPES: tuple[Callable[[int], Files], ...] = (groups, applications, copies, environments)


def lint(folder: Path) -> None:
    with redirect_stdout(io.StringIO()):
        ekslint(["check", str(folder), "--isolated", "--output-format", "concise", "--as-of", "2026-11-21"])


def main() -> None:
    for shape in SHAPES:
        with TemporaryDirectory() as folder:
            small, large = Path(folder, "small"), Path(folder, "large")
            for root, number in ((small, SMALL), (large, 2 * SMALL)):
                for name, text in shape(number).items():
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).write_text(text, "utf-8")
            one, two = medians([partial(lint, small), partial(lint, large)], rounds=3)
        print(f"{shape.__name__}: {SMALL} {one:.2f} s, {2 * SMALL} {two:.2f} s, ratio {two / one:.2f}")


if __name__ == "__main__":
    main()
