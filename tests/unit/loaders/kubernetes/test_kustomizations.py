"""Kustomizations: what is a patch, and which fields are not the last word."""

import pytest

from ekslint.loaders import kustomize
from ekslint.loaders.recognise import Dialect
from ekslint.model.kubernetes.configuration import ConfigMap, Secret
from ekslint.model.kubernetes.disruption import HorizontalPodAutoscaler, PodDisruptionBudget
from ekslint.model.kubernetes.namespaces import Namespace
from ekslint.model.kubernetes.packaging import Kustomization
from ekslint.model.kubernetes.services import Service
from ekslint.model.kubernetes.workloads import Deployment
from ekslint.model.reading import every
from unit.model.kubernetes.kubernetes_estate import Read, read, why

API = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api
      labels: {app: api}
    spec:
      replicas: 1
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers:
            - name: web
              image: example.com/api:1.0
              args: [a, b]
              resources: {requests: {cpu: 100m}}
            - name: log
              image: fluent-bit:3
"""
BASE = {"base/kustomization.yaml": "resources: [api.yaml]\n", "base/api.yaml": API}


def overlaid(overlay: str, **files: str) -> Read:
    return read(
        {
            **BASE,
            "overlays/prod/kustomization.yaml": "resources: [../../base]\n" + overlay,
            **{f"overlays/prod/{name.replace('_', '.')}": text for name, text in files.items()},
        }
    )


def patched(patch: str) -> Deployment:
    """The base, patched by a file of this spec."""
    found = overlaid(
        "patches: [{path: patch.yaml}]\n",
        patch_yaml=f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec: {patch}\n",
    )
    assert found.taken_for["overlays/prod/patch.yaml"] == [Dialect.KUSTOMIZE_PATCH]
    return found.one(Deployment)


PATCHES = "overlays/prod/kustomization.yaml patches it"


def test_what_is_patched_is_unknown_and_nothing_else() -> None:
    api = patched("{replicas: 3}")
    assert why(lambda: api.replicas) == PATCHES
    assert why(lambda: api.replica_floor) == PATCHES
    assert [str(each) for each in api.pod.containers] == ["container web", "container log"]
    assert api.pod.node_selector == {}


def test_what_is_patched_to_what_it_is_stays() -> None:
    assert patched("{replicas: 1, template: {metadata: {labels: {app: api}}}}").sheet.holes == ()


def test_an_added_node_selector() -> None:
    pod = patched("{template: {spec: {nodeSelector: {disk: ssd}}}}").pod
    assert why(lambda: pod.node_selector) == PATCHES
    assert pod.tolerations == ()


def test_a_container_is_found_by_its_name() -> None:
    web, log = patched(
        "{template: {spec: {containers: [{name: log, image: other}, {name: web, resources: {limits: {cpu: 1}}}]}}}"
    ).pod.containers
    assert why(lambda: log.image) == PATCHES
    assert web.image == "example.com/api:1.0"
    assert web.requests == {"cpu": "100m"}
    assert why(lambda: web.limits) == PATCHES


def test_an_added_container() -> None:
    pod = patched("{template: {spec: {containers: [{name: extra, image: x}]}}}").pod
    assert [str(each) for each in pod.parts] == ["container web", "container log"]
    assert why(lambda: len(pod.containers)) == PATCHES
    assert not every(pod.containers, lambda each: each.name == "log")


def test_a_removed_container() -> None:
    web, log = patched("{template: {spec: {containers: [{name: log, $patch: delete}]}}}").pod.containers
    assert web.image == "example.com/api:1.0"
    assert why(lambda: log.image) == PATCHES


def test_a_list_without_merge_key_is_replaced() -> None:
    web, _ = patched("{template: {spec: {containers: [{name: web, args: [c]}]}}}").pod.containers
    assert why(lambda: web.arguments) == PATCHES


def test_a_removed_field() -> None:
    assert why(lambda: patched("{replicas: null}").replicas) == PATCHES


def test_lists_of_custom_resources_are_replaced() -> None:
    found = read(
        {
            "base/kustomization.yaml": "resources: [pool.yaml]\n",
            "base/pool.yaml": "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: p}\nspec: {template: "
            "{spec: {nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: n}, ports: [{name: a}]}}}\n",
            "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: patch.yaml}]\n",
            "prod/patch.yaml": "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: p}\n"
            "spec: {limits: {cpu: 1}, template: {spec: {ports: [{name: a, x: y}]}}}\n",
        }
    )
    pool = found.pool()
    assert why(lambda: pool.limits) == "prod/kustomization.yaml patches it"
    assert pool.kind == "auto"
    assert [hole.path for hole in found.loaded.objects[0].sheet.holes] == [
        ("spec", "limits"),
        ("spec", "template", "spec", "ports"),
    ]


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("{op: replace, path: /spec/replicas, value: 3}", ("spec", "replicas")),
        (
            "{op: add, path: /spec/template/spec/nodeSelector, value: {a: b}}",
            ("spec", "template", "spec", "nodeSelector"),
        ),
        ("{op: add, path: /spec/template/spec/nodeSelector/a, value: b}", ("spec", "template", "spec", "nodeSelector")),
        ("{op: replace, path: /metadata/labels/app~1x, value: b}", ("metadata", "labels", "app/x")),
        (
            "{op: replace, path: /spec/template/spec/containers/1/image, value: b}",
            ("spec", "template", "spec", "containers", 1, "image"),
        ),
        (
            "{op: add, path: /spec/template/spec/containers/-, value: {}}",
            ("spec", "template", "spec", "containers", 2),
        ),
        ("{op: add, path: /spec/template/spec/containers/0, value: {}}", ("spec", "template", "spec", "containers")),
        ("{op: remove, path: /spec/template/spec/containers/0}", ("spec", "template", "spec", "containers")),
        ("{op: move, from: /spec/replicas, path: /spec/other}", ("spec", "other")),
    ],
)
@pytest.mark.parametrize("style", ["inline", "file", "patchesJson6902"])
def test_json_patches(operation: str, path: tuple[str | int, ...], style: str) -> None:
    target = "target: {kind: Deployment, name: api}"
    match style:
        case "inline":
            found = overlaid(f"patches:\n  - {target}\n    patch: |-\n      - {operation}\n")
        case "file":
            found = overlaid(f"patches: [{{path: patch.yaml, {target}}}]\n", patch_yaml=f"- {operation}\n")
        case _:
            found = overlaid(f"patchesJson6902: [{{path: patch.yaml, {target}}}]\n", patch_yaml=f"- {operation}\n")
    holes = [hole.path for hole in found.one(Deployment).sheet.holes]
    assert path in holes
    assert len(holes) == (2 if "from:" in operation else 1)


def test_a_test_changes_nothing() -> None:
    found = overlaid(
        "patches:\n  - target: {kind: Deployment}\n    patch: '[{op: test, path: /spec/replicas, value: 1}]'\n"
    )
    assert found.one(Deployment).sheet.holes == ()


@pytest.mark.parametrize(
    ("target", "means"),
    [
        ("{kind: Deployment}", True),
        ("{kind: Deployment, name: api}", True),
        ("{kind: Deployment, name: ^api$}", True),
        ("{kind: Deployment, name: a.*}", True),
        ("{group: apps, kind: Deployment}", True),
        ("{labelSelector: app=api}", True),
        ("{kind: Deployment, labelSelector: 'app==api,tier in (web)'}", True),
        ("{}", True),
        ("{kind: Service}", False),
        ("{kind: Deployment, name: web}", False),
        ("{group: extensions, kind: Deployment}", False),
        ("{labelSelector: app=web}", False),
    ],
)
def test_targets(target: str, means: bool) -> None:
    found = overlaid(f"patches:\n  - target: {target}\n    patch: '{{spec: {{replicas: 3}}}}'\n")
    assert found.one(Deployment).unknown("spec", "replicas") is means


def test_patterns_are_not_tried_out() -> None:
    evil = "(a+)+$" + "a" * 50
    found = overlaid(f"patches:\n  - target: {{name: '{evil}'}}\n    patch: '{{spec: {{replicas: 3}}}}'\n")
    assert found.one(Deployment).unknown("spec", "replicas")


def test_strategic_merge_as_a_list() -> None:
    found = overlaid(
        "patchesStrategicMerge:\n  - patch.yaml\n  - |-\n    apiVersion: apps/v1\n    kind: Deployment\n"
        "    metadata: {name: api}\n    spec: {paused: true}\n",
        patch_yaml="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2}\n",
    )
    assert found.taken_for["overlays/prod/patch.yaml"] == [Dialect.KUSTOMIZE_PATCH]
    assert [hole.path for hole in found.one(Deployment).sheet.holes] == [("spec", "replicas"), ("spec", "paused")]


@pytest.mark.parametrize(
    ("path", "is_patch"),
    [
        ("overlays/prod/pdb.patch.yaml", True),
        ("overlays/prod/patch-pdb.yaml", True),
        ("overlays/prod/pdb.jsonpatch.yaml", True),
        ("overlays/prod/dispatch-pdb.yaml", False),
        ("overlays/prod/pdb.yaml", False),
        # no kustomization beside it that could use it as a patch, or one that takes it for an object
        ("other/pdb.patch.yaml", False),
        ("base/pdb.patch.yaml", False),
    ],
)
def test_a_patch_that_is_switched_off_is_no_object(path: str, is_patch: bool) -> None:
    budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: api}\nspec: {minAvailable: 1}\n"
    found = read(
        {
            "base/kustomization.yaml": "resources: [pdb.patch.yaml]\n",
            "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
            path: budget,
        }
    )
    assert found.taken_for[path] == [Dialect.KUSTOMIZE_PATCH if is_patch else Dialect.KUBERNETES]


def test_a_patch_may_hold_several_documents() -> None:
    found = overlaid(
        "patches: [{path: patch.yaml}]\n",
        patch_yaml="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\nspec: {replicas: 2}\n---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2}\n",
    )
    assert found.one(Deployment).unknown("spec", "replicas")


def test_a_deletion_leaves_the_base_alone() -> None:
    found = overlaid(
        "patches: [{path: patch.yaml}]\n",
        patch_yaml="$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n",
    )
    assert found.one(Deployment).sheet.holes == ()


def test_images_and_replicas() -> None:
    found = overlaid("images: [{name: example.com/api, newTag: '2.0'}]\nreplicas: [{name: api, count: 5}]\n")
    api = found.one(Deployment)
    assert why(lambda: api.replicas) == PATCHES
    web, log = api.pod.containers
    assert why(lambda: web.image) == PATCHES
    assert log.image == "fluent-bit:3"


def test_replacements() -> None:
    found = overlaid(
        "replacements:\n  - source: {kind: ConfigMap, name: c}\n    targets:\n"
        "      - select: {kind: Deployment}\n"
        "        fieldPaths: ['spec.template.spec.containers.[name=web].image', spec.paused]\n"
    )
    assert [hole.path for hole in found.one(Deployment).sheet.holes] == [
        ("spec", "template", "spec", "containers"),
        ("spec", "paused"),
    ]


def test_a_transformer_may_do_anything() -> None:
    found = overlaid("transformers: [transformer.yaml]\n")
    api = found.one(Deployment)
    assert why(lambda: api.replicas) == "a transformer of overlays/prod/kustomization.yaml may change it"
    assert api.known_name is None


def test_components_patch_what_includes_them() -> None:
    found = read(
        {
            **BASE,
            "components/ha/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            "patches: [{path: patch.yaml}]\n",
            "components/ha/patch.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"
            "spec: {replicas: 3}\n",
            "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../components/ha]\n",
        }
    )
    assert why(lambda: found.one(Deployment).replicas) == "components/ha/kustomization.yaml patches it"


def test_patches_reach_through_overlays_of_overlays() -> None:
    found = read(
        {
            **BASE,
            "middle/kustomization.yaml": "bases: [../base]\nnamePrefix: x-\n",
            "top/kustomization.yaml": "resources: [../middle]\nreplicas: [{name: x-api, count: 2}]\n",
        }
    )
    api = found.one(Deployment)
    assert why(lambda: api.replicas) == "top/kustomization.yaml patches it"
    assert api.is_renamed


def test_an_object_of_several_overlays_is_judged_once() -> None:
    found = read(
        {
            **BASE,
            "dev/kustomization.yaml": "resources: [../base]\n",
            "prod/kustomization.yaml": "resources: [../base]\nreplicas: [{name: api, count: 2}]\n",
        }
    )
    assert len(found.loaded.objects) == 1
    assert why(lambda: found.one(Deployment).replicas) == "prod/kustomization.yaml patches it"


def test_a_file_that_is_a_resource_too_is_no_patch() -> None:
    found = read({**BASE, "other/kustomization.yaml": "resources: []\npatches: [{path: ../base/api.yaml}]\n"})
    assert found.taken_for["base/api.yaml"] == [Dialect.KUBERNETES]


SCALING = """
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: h}
    spec:
      minReplicas: 2
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
"""
BUDGET = """
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: b}
    spec: {selector: {matchLabels: {app: api}}}
"""


def test_the_namespace_of_the_outermost_one() -> None:
    found = read(
        {
            "base/kustomization.yaml": "namespace: base\nresources: [api.yaml, namespace.yaml]\n",
            "base/api.yaml": API,
            "base/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
            "prod/kustomization.yaml": "namespace: prod\nresources: [../base]\n",
        }
    )
    api = found.one(Deployment)
    assert api.namespace == "prod"
    assert found.line(api.at("namespace")) == "1 prod"
    assert api.at("namespace").location.path == "prod/kustomization.yaml"
    assert api.resource == "Deployment.apps/default/api"
    assert not found.one(Namespace).is_namespaced


def test_a_kustomization_without_one_leaves_it() -> None:
    found = read(
        {
            "base/kustomization.yaml": "namespace: shop\nresources: [api.yaml]\n",
            "base/api.yaml": API,
            "prod/kustomization.yaml": "resources: [../base]\n",
        }
    )
    assert found.one(Deployment).namespace == "shop"


def test_namespaces_that_differ() -> None:
    found = read(
        {
            "base/kustomization.yaml": "resources: [api.yaml, budget.yaml]\n",
            "base/api.yaml": API,
            "base/budget.yaml": BUDGET,
            "dev/kustomization.yaml": "namespace: dev\nresources: [../base]\n",
            "prod/kustomization.yaml": "namespace: prod\nresources: [../base, scaling.yaml]\n",
            "prod/scaling.yaml": SCALING,
        }
    )
    api = found.one(Deployment)
    assert why(lambda: api.namespace) == "several kustomizations put it into different namespaces"
    # Objects of one base stay together, wherever they go.
    assert api.disruption_budgets == [found.one(PodDisruptionBudget)]
    assert found.one(HorizontalPodAutoscaler).namespace == "prod"
    assert why(lambda: api.replica_floor) == "nothing tells the namespace"


def test_many_namespaces() -> None:
    files = {f"n{n}/kustomization.yaml": f"namespace: n{n}\nresources: [../base]\n" for n in range(20)}
    api = read({**BASE, **files}).one(Deployment)
    assert why(lambda: api.namespace) == "many kustomizations put it into different namespaces"


SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: api}}\n"


def test_common_labels() -> None:
    found = read(
        {
            "kustomization.yaml": "commonLabels: {team: shop}\nresources: [api.yaml, service.yaml]\n",
            "api.yaml": API,
            "service.yaml": SERVICE,
            "other.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: o}\nspec: {selector: {team: shop}}\n",
        }
    )
    api = found.one(Deployment)
    assert api.labels == {"app": "api", "team": "shop"}
    assert api.pod.labels == {"app": "api", "team": "shop"}
    assert api.pod.written_labels == {"app": "api"}
    assert found.line(api.at("labels", "team")) == "1 shop"
    assert found.line(api.pod.at("labels", "team")) == "1 shop"
    assert found.line(api.pod.at("labels", "app")) == "10 api"
    assert {str(each) for each in api.services} == {"service s", "service o"}


def test_labels_of_metadata_alone() -> None:
    found = overlaid("labels:\n  - pairs: {team: shop, tier: 1}\n  - pairs: {zone: a}\n    includeSelectors: true\n")
    api = found.one(Deployment)
    assert api.labels == {"app": "api", "team": "shop", "tier": "1", "zone": "a"}
    assert api.pod.labels == {"app": "api", "zone": "a"}


def test_labels_that_differ() -> None:
    found = read(
        {
            "base/kustomization.yaml": "resources: [api.yaml, service.yaml]\n",
            "base/api.yaml": API,
            "base/service.yaml": SERVICE,
            "dev/kustomization.yaml": "commonLabels: {env: dev}\nresources: [../base]\n",
            "prod/kustomization.yaml": "commonLabels: {env: prod}\nresources: [../base]\n",
        }
    )
    api = found.one(Deployment)
    assert api.pod.labels["app"] == "api"
    assert why(lambda: api.pod.labels["env"]) == "a kustomization may add it"
    assert api.services == [found.one(Service)]


def test_generated_configuration() -> None:
    found = read(
        {
            "base/kustomization.yaml": "namespace: shop\nconfigMapGenerator: [{name: c, literals: [a=b]}]\n"
            "secretGenerator: [{name: s, namespace: other}, {literals: []}, 5]\n",
        }
    )
    config, secret = found.one(ConfigMap), found.one(Secret)
    assert (config.name, config.namespace, config.is_generated) == ("c", "shop", True)
    assert (secret.name, secret.namespace, secret.is_generated) == ("s", "shop", True)
    assert why(lambda: config.data) == "kustomize generates it"
    assert why(lambda: config.keys) == "kustomize generates it"
    assert found.line(config.at("name")) == "2 c"


def test_a_generator_that_merges() -> None:
    found = read(
        {
            "base/kustomization.yaml": "resources: [c.yaml]\n",
            "base/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n",
            "prod/kustomization.yaml": "resources: [../base]\nconfigMapGenerator: [{name: c, behavior: merge}]\n",
        }
    )
    assert why(lambda: found.one(ConfigMap).data) == "prod/kustomization.yaml patches it"


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "../../../../etc/passwd",
            "/etc/passwd",
            "https://github.com/x/y//z?ref=v1",
            "github.com/x/y",
            "missing.yaml",
        ),
        *("", "..", ".", "5", "null", "{a: b}", "'${X}'"),
    ],
)
def test_what_is_not_among_the_files_is_left_alone(entry: str) -> None:
    files = {"a/b/kustomization.yaml": f"resources:\n  - {entry}\npatches:\n  - path: {entry}\n"}
    found = read({**files, "etc/passwd": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"})
    assert len(found.loaded.objects) == 1
    assert found.loaded.objects[0].sheet.holes == ()
    remote = entry.startswith(("https", "github"))
    assert list(found.one(Kustomization).remote_resources) == ([entry] if remote else [])


@pytest.mark.parametrize(
    "text",
    [
        *("resources: 5\n", "patches: {a: b}\n", "images: [5, {name: [x]}]\n", "replicas: [null]\n", "- 5\n", "text\n"),
        *("commonLabels: [a]\n", "labels: [{pairs: 5}, 5]\n", "namespace: [a]\n", "namePrefix: 5\n", ""),
        *("configMapGenerator: [{name: c, behavior: [x]}]\n", "replacements: [5, {targets: [5, {fieldPaths: 5}]}]\n"),
        *(
            "patches: [{patch: ': ['}, {patch: '[]'}, {patch: {spec: 5}}, {target: 5, patch: '[5]'}]\n",
            "helmCharts: 5\n",
        ),
        *("patchesStrategicMerge: [5, {a: b}, '- 5']\n", "resources: [.]\n", "resources: [../b]\n"),
    ],
)
def test_odd_kustomizations(text: str) -> None:
    found = read({"b/kustomization.yaml": text + "\n", "b/api.yaml": API})
    assert found.one(Deployment).replicas == 1


def test_kustomizations_that_include_each_other() -> None:
    found = read(
        {
            "a/kustomization.yaml": "resources: [../b, api.yaml]\nnamespace: a\nreplicas: [{name: api, count: 2}]\n",
            "a/api.yaml": API,
            "b/kustomization.yaml": "resources: [../c]\n",
            "c/kustomization.yaml": "resources: [../a, ../c]\ncomponents: [../a, ../b]\n",
        }
    )
    assert found.one(Deployment).unknown("spec", "replicas")


def test_a_tangle_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kustomize, "_MOST_VISITS", 500)
    size = 40
    names = ", ".join(f"../k{n}" for n in range(size))
    files = {f"k{n}/kustomization.yaml": f"resources: [{names}, api.yaml]\n" for n in range(size)}
    files |= {f"k{n}/api.yaml": API for n in range(size)}
    found = read(files)
    assert any(
        hole.why == "too many kustomizations include each other to tell what changes"
        for each in found.loaded.objects
        for hole in each.sheet.holes
    )


def test_an_object_with_too_many_changes_is_unknown_as_a_whole() -> None:
    fields = ", ".join(f"f{n}: 1" for n in range(100))
    api = patched(f"{{{fields}}}")
    assert [hole.path for hole in api.sheet.holes] == [()]
    assert why(lambda: api.replicas) == PATCHES


@pytest.mark.usefixtures("aliases_without_limit")
def test_aliases_do_not_make_a_patch_endless() -> None:
    def nested(leaf: str) -> str:
        lines = [f"a0: &a0 {{x: {leaf}}}"]
        lines += [f"a{n}: &a{n} {{p: *a{n - 1}, q: *a{n - 1}, r: [*a{n - 1}]}}" for n in range(1, 40)]
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n" + "\n".join(lines) + "\n"

    found = read(
        {
            "base/kustomization.yaml": "resources: [c.yaml]\n",
            "base/c.yaml": nested("1"),
            "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
            "prod/p.yaml": nested("1"),
        }
    )
    assert found.one(ConfigMap).sheet.holes


FRAGMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec: {replicas: 2, template: {spec: {containers: [{name: web, env: []}]}}}
"""


@pytest.mark.parametrize(
    ("path", "beside", "is_patch"),
    [
        ("app/set-replicas.yaml", "app/kustomization.yaml", True),
        ("app/extra/set-replicas.yaml", "app/kustomization.yaml", True),
        ("app/set-replicas.yaml", "kustomization.yaml", True),
        ("app/set-replicas.yaml", "other/kustomization.yaml", False),
        ("app/set-replicas.yaml", "app/other.yaml", False),
        ("app/overlays/prod/replicas.yaml", "app/other.yaml", True),
        ("app/replicas-patch.yaml", "app/other.yaml", True),
        ("app/dispatch.yaml", "app/other.yaml", False),
    ],
)
def test_fragments(path: str, beside: str, is_patch: bool) -> None:
    found = read({path: FRAGMENT, beside: "resources: []\n"})
    assert (found.taken_for[path] == [Dialect.KUSTOMIZE_PATCH]) is is_patch


@pytest.mark.parametrize(
    "text",
    [
        API,
        FRAGMENT.replace("spec: {replicas", "spec: {selector: {}, replicas", 1),
        FRAGMENT.replace("env: []", "image: x"),
        FRAGMENT.replace("kind: Deployment", "kind: Service"),
        FRAGMENT.replace("apps/v1", "example.com/v1"),
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n",
    ],
)
def test_whole_objects_are_no_fragments(text: str) -> None:
    assert read({"a/x.yaml": text, "a/kustomization.yaml": "resources: []\n"}).taken_for["a/x.yaml"] == [
        Dialect.KUBERNETES
    ]


def test_a_directive_makes_a_patch_anywhere() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80, $patch: delete}]}\n"
    assert read({"a.yaml": text}).taken_for["a.yaml"] == [Dialect.KUSTOMIZE_PATCH]
    quoted = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '$patch: delete'}\n"
    assert read({"a.yaml": quoted}).taken_for["a.yaml"] == [Dialect.KUBERNETES]


def test_the_order_of_files_changes_nothing() -> None:
    files = {
        **BASE,
        **{
            f"o{n}/kustomization.yaml": f"resources: [../base]\nreplicas: [{{name: api, count: {n}}}]\n"
            for n in range(3)
        },
    }
    forward = read(files).one(Deployment).sheet.holes
    backward = read(dict(reversed(files.items()))).one(Deployment).sheet.holes
    assert forward == backward
