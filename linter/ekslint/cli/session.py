"""What a command works on: the root, the files, the configuration, the rules."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ekslint.cli.errors import UserError
from ekslint.config import (
    Configuration,
    ConfigurationError,
    check_names,
    load_configuration,
    name_problem,
    resolve_options,
)
from ekslint.engine.input_findings import CATEGORY, INPUT_FINDINGS
from ekslint.engine.registry import Registry, RegistryError, registry
from ekslint.loaders.assembly import ConfiguredCluster
from ekslint.loaders.helm import HelmCharts
from ekslint.loaders.intake import Intake
from ekslint.model.reading import Source
from ekslint.source.discovery import DiscoveryError, Skipped, discover, find_root, read


@dataclass(frozen=True)
class Session:
    """One run of a command, with everything that can be said wrong already checked."""

    root: Path
    paths: list[Path]
    configuration: Configuration
    registry: Registry
    options: Mapping[str, Mapping[str, Any]]
    """By rule, typed as the rule declares them."""
    tracked_only: bool = False

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all rules and of the engine's own findings."""
        return self.registry.names | INPUT_FINDINGS.keys()

    @cached_property
    def categories(self) -> frozenset[str]:
        """All categories, the engine's own among them."""
        return self.registry.categories | {CATEGORY}

    @cached_property
    def clusters(self) -> Sequence[ConfiguredCluster]:
        """What the configuration says of clusters, as the loaders take it."""
        document = self.configuration.document
        return [
            ConfiguredCluster(
                each.name,
                each.files.match if each.files is not None else lambda path: False,
                each.kubernetes_version,
                each.profile,
                Source(document, ("clusters", index)) if document is not None else None,
            )
            for index, each in enumerate(self.configuration.clusters)
        ]

    def enabled(self, select: Sequence[str] | None, ignore: Sequence[str] | None) -> frozenset[str]:
        """The names that run.

        What the command line selects takes the place of the configuration's; what it ignores comes on top: leaving out
        one more rule must not bring back the others.
        """
        if select is not None and not select:
            raise UserError("--select names nothing: no rule would run", help=["leave it out to run all rules"])
        self._require_known(select, "--select")
        self._require_known(ignore, "--ignore")
        configuration = replace(
            self.configuration,
            select=tuple(select) if select is not None else self.configuration.select,
            ignore=(*self.configuration.ignore, *(ignore or ())),
        )
        return frozenset(
            name
            for name in self.names
            if configuration.enables(name, self.category_of(name), preview=self._is_preview(name))
        )

    def _is_preview(self, name: str) -> bool:
        return name in self.registry.names and self.registry.is_preview(name)

    def category_of(self, name: str) -> str:
        """The category of a rule, or of one of the engine's own findings."""
        return CATEGORY if name in INPUT_FINDINGS else self.registry.category_of(name)

    def _require_known(self, names: Sequence[str] | None, option: str) -> None:
        for name in names or ():
            problem = name_problem(name, self.names, self.categories)
            if problem is not None:
                raise UserError(f"{option}: {problem[0]}", help=problem[1])

    def take_in(self) -> Intake:
        """Read and parse all files below the paths."""
        try:
            discovery = discover(self.paths, self.root, self.configuration.exclude.match, self.tracked_only)
        except DiscoveryError as error:
            raise UserError(str(error)) from error
        intake = Intake(HelmCharts(found.path for found in discovery.files))
        for skipped in discovery.problems:
            _note(intake, skipped)
        for found in discovery.files:
            data = read(found)
            if isinstance(data, Skipped):
                _note(intake, data)
            else:
                intake.take(found.path, data)
        return intake


def _note(intake: Intake, skipped: Skipped) -> None:
    if not skipped.problem:
        intake.skip(skipped.path, skipped.reason)
        return
    intake.refuse(skipped.path, "too-large" if "larger than" in skipped.reason else "unreadable-file", skipped.reason)


def _paths(written: Sequence[str]) -> list[Path]:
    if "" in written:
        # Python takes it for the current folder; who wrote "$FOLDER" meant another one.
        raise UserError("a PATH is empty", help=["look for a variable that is not set, or write . for this folder"])
    return [Path(path) for path in written or ["."]]


def open_session(parsed: argparse.Namespace) -> Session:
    """The session that a command line asks for; UserError for what is wrong in it, or in the configuration."""
    paths = _paths(getattr(parsed, "paths", ()))
    named = parsed.config or (None if parsed.isolated else os.environ.get("EKSLINT_CONFIG"))
    try:
        root = find_root(paths)
        configuration = load_configuration(
            paths[0], root, config=Path(named) if named else None, isolated=parsed.isolated
        )
        rules = registry(configuration.plugins)
        check_names(configuration, rules.names, rules.categories)
        configured = [name for name in configuration.rules if name in rules.names]
        options = resolve_options(configuration, {rule.name: rule.options for rule in rules.load(configured)})
    except (DiscoveryError, RegistryError) as error:
        raise UserError(str(error)) from error
    except ConfigurationError as error:
        first, *others = error.all
        # A message without a place is about the file itself, and nobody sees the environment that named it.
        is_from_environment = named is not None and named != parsed.config and first.location is None
        raise UserError(
            f"EKSLINT_CONFIG: {first}" if is_from_environment else str(first),
            help=first.help,
            location=first.location,
            others=[UserError(str(other), help=other.help, location=other.location) for other in others],
        ) from error
    return Session(root, paths, configuration, rules, options, getattr(parsed, "tracked_only", False))
