"""What the files install, by whatever means."""

import pytest

from ekslint.model.cluster import Cluster
from ekslint.model.evidence import COMPONENTS, find_values_of_charts, installs
from ekslint.model.reading import Reading
from ekslint.model.scope import Scope
from unit.model.kubernetes.kubernetes_estate import read


def workload(image: str, name: str = "x") -> str:
    return f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: {name}}}
        spec:
          selector: {{matchLabels: {{a: b}}}}
          template: {{spec: {{containers: [{{name: c, image: '{image}'}}]}}}}
    """


def argo(kind: str, name: str, spec: str = "{}") -> str:
    return f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def flux(api: str, kind: str, spec: str) -> str:
    return f"apiVersion: {api}.toolkit.fluxcd.io/v2\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n"


def installed(files: dict[str, str] | str) -> set[str]:
    return set(read(files).estate.installations)


@pytest.mark.parametrize(
    ("image", "component"),
    [
        ("public.ecr.aws/karpenter/controller:1.8.0@sha256:ab", "karpenter"),
        ("registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.0", "cluster-autoscaler"),
        ("public.ecr.aws/eks/aws-load-balancer-controller:v2.13.0", "aws-load-balancer-controller"),
        (
            "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon/aws-load-balancer-controller:v2",
            "aws-load-balancer-controller",
        ),
        ("registry.k8s.io/metrics-server/metrics-server:v0.8.0", "metrics-server"),
        ("public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1", "aws-ebs-csi-driver"),
        ("amazon/aws-efs-csi-driver:v2", "aws-efs-csi-driver"),
        ("nvcr.io/nvidia/k8s-device-plugin:v0.17.0", "nvidia-device-plugin"),
        ("quay.io/calico/node:v3", "calico"),
        ("quay.io/cilium/cilium:v1", "cilium"),
    ],
)
def test_by_image(image: str, component: str) -> None:
    assert installed(workload(image)) == {component}


@pytest.mark.parametrize(
    "image", ["example.com/controller", "example.com/node", "my/karpenter-dashboard", "${IMAGE}", "karpenter.sh/x", ""]
)
def test_what_no_image_says(image: str) -> None:
    assert installed(workload(image)) == set()


def test_by_the_name_of_a_workload() -> None:
    assert installed(workload("${REGISTRY}/x", "cluster-autoscaler")) == {"cluster-autoscaler"}


@pytest.mark.parametrize(
    "text",
    [
        flux("helm", "HelmRelease", "{chart: {spec: {chart: karpenter}}}"),
        flux("helm", "HelmRelease", "{chartRef: {kind: OCIRepository, name: karpenter}}"),
        flux("kustomize", "Kustomization", "{path: ./infra/karpenter/prod}"),
        flux("source", "HelmChart", "{chart: karpenter}"),
        argo("Application", "prod-karpenter"),
        argo("Application", "x", "{source: {chart: karpenter}}"),
        argo("Application", "x", "{sources: [{repoURL: public.ecr.aws/karpenter, chart: karpenter}]}"),
        argo("Application", "x", "{source: {path: addons/karpenter}}"),
        argo("ApplicationSet", "x", "{generators: [{list: {elements: [{addon: karpenter}]}}]}"),
    ],
)
def test_by_gitops(text: str) -> None:
    assert installed(text) == {"karpenter"}


@pytest.mark.parametrize(
    "text",
    [
        argo("Application", "karpenter-nodepools"),
        argo("Application", "karpenter-crd"),
        argo("Application", "unkarpentered"),
        argo("Application", "x", "{source: {path: karpenter/nodepools}}"),
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: karpenter}\n",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: karpenter}\n",
    ],
)
def test_what_only_needs_it(text: str) -> None:
    assert installed(text) == set()


def test_by_kustomize_and_charts_of_ones_own() -> None:
    assert installed(
        {
            "a/kustomization.yaml": "helmCharts: [{name: metrics-server}]\nresources:\n"
            "  - https://github.com/kubernetes-sigs/aws-efs-csi-driver//deploy?ref=v2\n",
            "b/Chart.yaml": "apiVersion: v2\nname: addons\nversion: 1.0.0\ndependencies: [{name: keda}]\n",
        }
    ) == {"metrics-server", "aws-efs-csi-driver", "keda"}


def test_by_a_helmfile() -> None:
    assert installed(
        "releases:\n"
        "  - {name: scaler, chart: autoscaler/cluster-autoscaler, version: 9.51.0}\n"
        "  - {name: old, chart: eks/aws-load-balancer-controller, installed: false}\n"
        "  - {name: fleet, chart: 'oci://public.ecr.aws/karpenter/karpenter', version: 1.9.0}\n"
        "  - {name: own, chart: ./charts/web/}\n"
        "  - nothing\n"
    ) == {"cluster-autoscaler", "karpenter"}


@pytest.mark.parametrize(
    ("path", "components"),
    [
        ("cluster-autoscaler.values.yaml", {"cluster-autoscaler"}),
        ("helm/karpenter-values-prod.yaml", {"karpenter"}),
        ("helm/values-aws_load_balancer_controller.yml", {"aws-load-balancer-controller"}),
        ("helm/values/metrics-server.yaml", {"metrics-server"}),
        ("addons/Karpenter/values.yaml", {"karpenter"}),
        ("karpenter/values-shop.yaml", {"karpenter"}),
        ("karpenter/shop/values.yaml", set()),
        ("karpenter-nodepools/values.yaml", set()),
        ("shop/values.yaml", set()),
        ("values.yaml", set()),
    ],
)
def test_by_values_for_a_chart(path: str, components: set[str]) -> None:
    assert set(find_values_of_charts([path])) == components


def test_only_on_the_clusters_where_it_goes() -> None:
    found = read({"prod/ca.yaml": workload("x/cluster-autoscaler"), "dev/x.yaml": workload("x")})
    estate = found.estate
    origin = found.loaded.objects[0].origin
    clusters = []
    for name in ("prod", "dev"):
        cluster = Cluster(f"cluster {name}", origin, dialect="eksctl", resource=f"Cluster/{name}")
        cluster.declare(paths=Reading((f"{name}/cluster.yaml",), origin))
        clusters.append(cluster)
    estate.scope = Scope(clusters, estate.world)
    prod, dev = clusters
    assert installs("cluster-autoscaler", prod, estate)
    assert not installs("cluster-autoscaler", dev, estate)
    assert not installs("karpenter", prod, estate)
    with pytest.raises(KeyError):
        installs("kaprenter", prod, estate)


def test_the_table_is_unambiguous() -> None:
    names = [name for component in COMPONENTS.values() for name in component.names]
    assert len(names) == len(set(names))
