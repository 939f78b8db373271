"""How objects and images are called."""

import pytest

from ekslint.model.kubernetes.images import parse_image
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.naming import kind_words, resource_name
from unit.model.kubernetes.kubernetes_estate import read, why


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Deployment", "deployment"),
        ("StatefulSet", "stateful set"),
        ("EC2NodeClass", "EC2 node class"),
        ("AWSNodeTemplate", "AWS node template"),
        ("HTTPRoute", "HTTP route"),
        ("K8sAllowedRepos", "k8s allowed repos"),
        ("S3Bucket", "S3 bucket"),
        ("ServiceCIDR", "service CIDR"),
        ("{{ .Kind }}", "{{ .Kind }}"),
    ],
)
def test_kinds(kind: str, words: str) -> None:
    assert kind_words(kind) == words


@pytest.mark.parametrize(
    ("kind", "group", "namespace", "resource"),
    [
        ("Deployment", "apps", "shop", "Deployment.apps/shop/api"),
        ("Deployment", "apps", None, "Deployment.apps/default/api"),
        ("Pod", "", None, "Pod/default/api"),
        ("NodePool", "karpenter.sh", None, "NodePool.karpenter.sh/api"),
        ("ClusterRole", "rbac.authorization.k8s.io", "shop", "ClusterRole.rbac.authorization.k8s.io/api"),
        ("Widget", "example.com", None, "Widget.example.com/api"),
        ("Widget", "example.com", "shop", "Widget.example.com/shop/api"),
    ],
)
def test_resources(kind: str, group: str, namespace: str | None, resource: str) -> None:
    assert resource_name(kind, group, namespace, "api") == resource


@pytest.mark.parametrize(
    ("metadata", "title", "name"),
    [
        ("{name: db}", "stateful set db", "db"),
        ("{generateName: db-}", "stateful set db-*", None),
        ("{}", "unnamed stateful set", None),
        ("null", "unnamed stateful set", None),
        ("[]", "unnamed stateful set", None),
        ("{name: ''}", "unnamed stateful set", ""),
    ],
)
def test_names(metadata: str, title: str, name: str | None) -> None:
    found = read(f"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {metadata}\n").one(KubernetesObject)
    assert str(found) == title
    assert found.name == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [("5", "it is not a string"), ("{a: b}", "it is not a string"), ("'${APP}-db'", "a template fills it in")],
)
def test_unknown_names(name: str, reason: str) -> None:
    found = read(f"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\n").one(KubernetesObject)
    assert why(lambda: found.name) == reason
    assert found.known_name is None
    assert found.unknown("name")
    assert found.at("name").location.line == 3


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("nginx", "docker.io", "library/nginx", None, None),
        ("nginx:1.27", "docker.io", "library/nginx", "1.27", None),
        ("bitnami/redis:7", "docker.io", "bitnami/redis", "7", None),
        ("registry:5000/app", "registry:5000", "app", None, None),
        ("localhost/app:x", "localhost", "app", "x", None),
        (
            "public.ecr.aws/karpenter/controller:1.8.0@sha256:ab",
            "public.ecr.aws",
            "karpenter/controller",
            "1.8.0",
            "sha256:ab",
        ),
        ("nginx@sha256:ab", "docker.io", "library/nginx", None, "sha256:ab"),
        ("", "docker.io", "library/", None, None),
    ],
)
def test_images(text: str, registry: str, repository: str, tag: str | None, digest: str | None) -> None:
    assert parse_image(text) == (registry, repository, tag, digest)
    assert parse_image(text).name == repository.rpartition("/")[2]
