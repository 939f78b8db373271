"""Documents → estate."""

from collections.abc import Sequence
from datetime import date

from ekslint.loaders.assembly import ConfiguredCluster, assemble
from ekslint.loaders.helm import load_chart, load_helmfile
from ekslint.loaders.intake import FileRecord, Intake, Standing
from ekslint.loaders.karpenter import join_node_classes
from ekslint.loaders.kubernetes import load_manifest
from ekslint.loaders.kustomize import Kustomizations
from ekslint.loaders.loaded import Loaded, LoadProblem
from ekslint.loaders.recognise import Dialect, Recognition, recognise
from ekslint.model.estate import Estate
from ekslint.model.reading import Source
from ekslint.model.world import World
from ekslint.source.tree import Document

MAXIMUM_CLUSTERS = 1_000
"""In one run. Every manifest beside them may go to any: past this many the cost, not the estate, is what is told."""

_WITH_CLUSTERS = frozenset({Dialect.CLOUDFORMATION, Dialect.EKSCTL})
_LINTED = frozenset({Dialect.CLOUDFORMATION, Dialect.EKSCTL, Dialect.KUSTOMIZATION})


def load(
    intake: Intake,
    as_of: date,
    configured: Sequence[ConfiguredCluster] = (),
    known_node_labels: Sequence[str] = (),
) -> tuple[Estate, Loaded]:
    """The estate of all files that were taken in; notes in `intake.records` what each was taken for."""
    loaded = Loaded(World(), clusters_elsewhere=intake.clusters_elsewhere, names_in_templates=intake.names_in_templates)
    documents = list(intake.every_document())
    kustomizations = Kustomizations(documents)
    taken: dict[str, list[Recognition]] = {path: [] for path in intake.documents}
    recognised = [(document, kustomizations.recognise(document) or recognise(document)) for document in documents]
    templates = [each for each, recognition in recognised if recognition.dialect is Dialect.CLOUDFORMATION]
    if templates:
        from ekslint.loaders.cloudformation import Stacks

        loaded.stacks = Stacks(templates, loaded.world)
    for document, recognition in recognised:
        taken[document.source.path].append(recognition)
        _load(document, recognition.dialect, kustomizations, loaded)
    kustomizations.load(loaded)
    if loaded.clusters:
        from ekslint.loaders.eksctl import merge_cluster_configs

        merge_cluster_configs(loaded)
    join_node_classes(loaded)
    for path, recognitions in taken.items():
        intake.records[path] = _record(path, recognitions)
    loaded.values_files = sorted(
        path
        for path, record in intake.records.items()
        if record.standing is Standing.SKIPPED and intake.charts.is_for_charts_of_others(path)
    )
    return assemble(loaded, as_of, configured, known_node_labels), loaded


def _load(document: Document, dialect: Dialect, kustomizations: Kustomizations, loaded: Loaded) -> None:
    if dialect in _WITH_CLUSTERS and len(loaded.clusters) >= MAXIMUM_CLUSTERS:
        message = f"{MAXIMUM_CLUSTERS} clusters come before it, and it is not linted: lint the folders one by one"
        loaded.problems.append(LoadProblem("too-large", Source(document, ()), message))
        return
    # Each dialect's loader is imported when a file of it turns up: most runs in a hook see one or two of them.
    if dialect is Dialect.EKSCTL:
        from ekslint.loaders.eksctl import load_cluster_config

        load_cluster_config(document, (), loaded)
    elif dialect is Dialect.CLOUDFORMATION:
        from ekslint.loaders.cloudformation import load_template

        load_template(document, loaded)
    elif dialect is Dialect.HELM_CHART:
        load_chart(document, loaded)
    elif dialect is Dialect.HELMFILE:
        load_helmfile(document, loaded)
    elif dialect.has_objects:
        load_manifest(document, loaded, kustomizations.sheet(document))


def _record(path: str, recognitions: Sequence[Recognition]) -> FileRecord:
    """One line for a file: what was made of its documents, those that are linted first."""
    counts: dict[str, int] = {}
    for recognition in sorted(recognitions, key=lambda each: not _is_linted(each)):
        if recognition.dialect is not Dialect.EMPTY or len(recognitions) == 1:
            counts[recognition.words] = counts.get(recognition.words, 0) + 1
    words = ", ".join(f"{count} × {word}" if count > 1 else word for word, count in counts.items())
    if any(_is_linted(each) for each in recognitions):
        return FileRecord(path, Standing.LINTED, words)
    unreadable = any(each.dialect is Dialect.UNREADABLE for each in recognitions)
    return FileRecord(path, Standing.PROBLEM if unreadable else Standing.SKIPPED, words or "empty")


def _is_linted(recognition: Recognition) -> bool:
    return recognition.dialect in _LINTED or recognition.dialect.has_objects
