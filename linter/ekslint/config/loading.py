"""Finding and reading the configuration."""

import os
from pathlib import Path

from ekslint.config.errors import ConfigurationError, raise_all
from ekslint.config.model import Configuration, ConfiguredCluster, FileIgnore, frozen
from ekslint.config.patterns import FilePatterns, pattern_problem
from ekslint.config.validation import shown, validated
from ekslint.engine.severity import Severity
from ekslint.source.decoding import DecodeProblem, decode
from ekslint.source.location import Location
from ekslint.source.nearest import nearest
from ekslint.source.parsing import parse
from ekslint.source.reading import UnfitFileError, error_words, read_regular
from ekslint.source.scalars import configuration as typing
from ekslint.source.text import SourceText
from ekslint.source.tree import Document, Map, Step

NAME = ".ekslint.yaml"
_MISNAMED = (".ekslint.yml",)
_LARGEST = 1024 * 1024


def load_configuration(start: Path, root: Path, *, config: Path | None = None, isolated: bool = False) -> Configuration:
    """The configuration of a run; the defaults if there is none.

    Without `config` that is the nearest `.ekslint.yaml` from `start`, the first path to lint, up to `root`. Patterns in
    it are relative to its folder, those of an explicit `config` to `root`. Raises ConfigurationError.
    """
    if isolated:
        return Configuration()
    root = _real(root)
    found = config if config is not None else find_configuration(start, root)
    if found is None:
        return Configuration()
    real = _real(found)
    inside = real.is_relative_to(root)
    if config is None and not inside:
        # Whoever sends a link in a pull request must not get another file quoted in the log.
        raise ConfigurationError(f"{NAME} is a link that leads out of the repository", None, [f"delete {found}"])
    path = (found if config is None else real).relative_to(root).as_posix() if inside else found.as_posix()
    folder = found.parent.relative_to(root).as_posix() if config is None else "."
    source = SourceText(path, _read(real, path))
    return parse_configuration(source, "" if folder == "." else folder)


def _real(path: Path) -> Path:
    # Unlike Path.resolve this raises for no loop of links: opening the file will.
    return Path(os.path.realpath(path))


def find_configuration(start: Path, root: Path) -> Path | None:
    """The nearest `.ekslint.yaml`, from the folder of `start` up to `root`; both included."""
    root, start = _real(root), _real(start)
    folder = start if start.is_dir() else start.parent
    for each in (folder, *folder.parents):
        if not each.is_relative_to(root):
            return None
        if os.path.lexists(each / NAME):
            return each / NAME
        for name in _MISNAMED:
            if os.path.lexists(each / name):
                raise ConfigurationError(f"the configuration is called {NAME}", None, [f"rename {each / name}"])
    return None


def _read(file: Path, path: str) -> str:
    try:
        decoded = decode(read_regular(file, _LARGEST))
    except FileNotFoundError:
        raise ConfigurationError(f"there is no file {path}", None, _similar_files(file)) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error_words(error)}") from error
    except UnfitFileError as error:
        raise ConfigurationError(f"{path} cannot be read: it is {error}") from error
    if isinstance(decoded, DecodeProblem):
        place = Location(path, decoded.line, decoded.column, decoded.line, decoded.column + 1)
        raise ConfigurationError(decoded.message, place)
    return decoded


def _similar_files(file: Path) -> list[str]:
    try:
        names = [each.name for each in os.scandir(file.parent) if each.is_file()]
    except OSError:
        return []
    meant = nearest(file.name, names)
    return [f"did you mean {meant}?"] if meant else []


def parse_configuration(source: SourceText, folder: str = "") -> Configuration:
    """The configuration that a text declares; `folder` is what its patterns are relative to, from the root.

    Raises ConfigurationError: the first one in order of place, with all others in its `all`.
    """
    documents = parse(source, typing)
    raise_all(
        ConfigurationError(problem.message, source.location(problem.start, problem.end))
        for document in documents
        for problem in document.problems
    )
    if len(documents) > 1:
        place = documents[1].locate(())
        raise ConfigurationError("the configuration has a second document", place, ["delete the line ---"])
    if not documents or (documents[0].root is None and not documents[0].offsets):
        return Configuration(path=source.path)
    [document] = documents
    settings, errors = validated(document)
    # Patterns are looked at even if something else is wrong: all mistakes of a file are told at once.
    raise_all([*errors, *_path_errors(document, settings), *_cluster_errors(document, settings)])
    return _configuration(document, settings, folder)


def _path_errors(document: Document, settings: Map) -> list[ConfigurationError]:
    found: list[tuple[object, tuple[Step, ...]]] = []

    def collect(patterns: object, path: tuple[Step, ...]) -> None:
        if isinstance(patterns, list):
            found.extend((pattern, (*path, index)) for index, pattern in enumerate(patterns))

    collect(settings.get("exclude"), ("exclude",))
    clusters = settings.get("clusters")
    for index, cluster in enumerate(clusters if isinstance(clusters, list) else ()):
        if isinstance(cluster, dict):
            collect(cluster.get("files"), ("clusters", index, "files"))
    per_file = settings.get("per-file-ignores")
    keys = [(key, ("per-file-ignores", key)) for key in per_file] if isinstance(per_file, dict) else []
    errors = []
    for pattern, path in (*found, *keys):
        is_key = path[0] == "per-file-ignores"
        problem = pattern_problem(pattern) if isinstance(pattern, str) else None
        if problem is None and is_key and str(pattern).startswith("!"):
            problem = "excludes files, and nothing before it includes any"
        if problem is not None:
            written = shown(pattern) or "of no characters"
            errors.append(ConfigurationError(f"the pattern {written} {problem}", document.locate(path, key=is_key)))
    baseline = settings.get("baseline")
    if isinstance(baseline, str) and _leaves_folder(baseline):
        message = f"the baseline {shown(baseline)} is not below the folder of the configuration"
        errors.append(ConfigurationError(message, document.locate(("baseline",))))
    return errors


def _cluster_errors(document: Document, settings: Map) -> list[ConfigurationError]:
    clusters = settings.get("clusters")
    seen: set[str] = set()
    errors = []
    for index, cluster in enumerate(clusters if isinstance(clusters, list) else ()):
        name = cluster.get("name") if isinstance(cluster, dict) else None
        if isinstance(name, str) and name in seen:
            message = f"cluster {shown(name)} stands twice"
            errors.append(ConfigurationError(message, document.locate(("clusters", index, "name"))))
        elif isinstance(name, str):
            seen.add(name)
    return errors


def _leaves_folder(path: str) -> bool:
    # `ekslint baseline` writes this file: a configuration must not choose one outside of the repository.
    return path.startswith(("/", "~")) or "\\" in path or ":" in path or "\0" in path or ".." in path.split("/")


def _configuration(document: Document, settings: Map, folder: str) -> Configuration:
    """The typed configuration of settings that the schema has accepted."""
    get: dict[str, object] = dict(settings)
    fail_on = get.get("fail-on", "warning")
    baseline = get.get("baseline")
    plugins = get.get("plugins", False)
    return Configuration(
        path=document.source.path,
        select=_strings(get["select"]) if "select" in get else None,
        ignore=_strings(get.get("ignore")),
        severity=frozen({rule: Severity.named(str(name)) for rule, name in _mapping(get.get("severity")).items()}),
        rules=frozen({rule: frozen(_mapping(options)) for rule, options in _mapping(get.get("rules")).items()}),
        exclude=FilePatterns(_strings(get.get("exclude")), folder),
        per_file_ignores=tuple(
            FileIgnore(FilePatterns((pattern,), folder), _strings(names))
            for pattern, names in _mapping(get.get("per-file-ignores")).items()
        ),
        clusters=tuple(_cluster(_mapping(each), folder) for each in _list(get.get("clusters"))),
        known_node_labels=_strings(get.get("known-node-labels")),
        require_ignore_reason=get.get("require-ignore-reason") is True,
        fail_on=None if fail_on == "never" else Severity.named(str(fail_on)),
        minimum_severity=Severity.named(str(get.get("min-severity", "warning"))),
        plugins=plugins if isinstance(plugins, bool) else _strings(plugins),
        baseline=None if baseline is None else (Path(folder) / str(baseline)).as_posix(),
        document=document,
    )


def _cluster(settings: dict[str, object], folder: str) -> ConfiguredCluster:
    version, profile = settings.get("kubernetes-version"), settings.get("profile")
    return ConfiguredCluster(
        name=str(settings["name"]),
        files=FilePatterns(_strings(settings["files"]), folder) if "files" in settings else None,
        kubernetes_version=None if version is None else str(version),
        profile=None if profile is None else str(profile),
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in _list(value))
