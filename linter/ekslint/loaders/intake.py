"""Files → documents: decoded, sniffed, parsed with the typing of their dialect; and what became of each file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ekslint.loaders.helm import HelmCharts
from ekslint.model.reading import Source
from ekslint.source import scalars
from ekslint.source.decoding import DecodeProblem, decode
from ekslint.source.location import Location
from ekslint.source.parsing import parse
from ekslint.source.sniffing import is_terraform, looks_relevant, template_reason
from ekslint.source.text import SourceText
from ekslint.source.tree import Document

# A template says Resources at its top level, and a manifest that merely quotes one says apiVersion there.
_CLOUDFORMATION = re.compile(r"""^(?:["']?AWSTemplateFormatVersion|\s{0,8}["']?Resources["']?\s*:)""", re.MULTILINE)
_MANIFEST = re.compile(r"""^(?:- )?["']?apiVersion["']?\s*:""", re.MULTILINE)
# Blocks alone: what a flow mapping of a template calls things, nobody looks for.
_NAME = re.compile(r"""^[ \t-]{0,200}name:[ \t]*["']?([A-Za-z0-9][\w.-]{0,252})""", re.MULTILINE)


class Standing(Enum):
    """What became of a file."""

    LINTED = "linted"
    SKIPPED = "skipped"
    PROBLEM = "problem"


class FileRecord(NamedTuple):
    """One line of `ekslint files`."""

    path: str
    standing: Standing
    detail: str


class FileProblem(NamedTuple):
    """Something wrong with a whole file; `kind` is a name of the engine's own findings."""

    kind: str
    location: Location
    message: str


@dataclass
class Intake:
    """All files that were taken in, by path."""

    charts: HelmCharts
    documents: dict[str, list[Document]] = field(default_factory=dict)
    texts: dict[str, SourceText] = field(default_factory=dict)
    records: dict[str, FileRecord] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    clusters_elsewhere: list[Source] = field(default_factory=list)
    """Where clusters are declared in a language that is not linted."""
    names_in_templates: set[str] = field(default_factory=set)
    """What templates that cannot be read call things: no rule may say that these are nowhere."""

    def refuse(self, path: str, kind: str, detail: str) -> None:
        """Note a file that could not be had, as a finding at its first line."""
        self.records[path] = FileRecord(path, Standing.PROBLEM, detail)
        self.problems.append(FileProblem(kind, Location(path, 1, 1, 1, 1), f"the file is not linted: {detail}"))

    def skip(self, path: str, detail: str) -> None:
        """Note a file that is none of ours."""
        self.records[path] = FileRecord(path, Standing.SKIPPED, detail)

    def take(self, path: str, data: bytes) -> None:
        """Decode, sniff and parse one file."""
        part_of_chart = self.charts.recognise(path)
        if part_of_chart is not None:
            self.skip(path, part_of_chart.words)
            return
        name = path.rpartition("/")[2]
        if is_terraform(name):
            from ekslint.loaders.terraform import DECLARES_CLUSTER, NOT_LINTED, declared_clusters

            declared = list(declared_clusters(path, data))
            self.clusters_elsewhere += declared
            self.skip(path, DECLARES_CLUSTER if declared else NOT_LINTED)
            return
        sniffed = looks_relevant(data, name)
        if not sniffed.relevant:
            self.skip(path, sniffed.reason)
            return
        text = decode(data)
        if isinstance(text, DecodeProblem):
            source = SourceText(path, text.text)
            self.texts[path] = source
            self.records[path] = FileRecord(path, Standing.PROBLEM, text.message)
            location = source.location(text.offset, text.offset + 1)
            self.problems.append(FileProblem("invalid-encoding", location, text.message))
            return
        source = SourceText(path, text)
        documents = parse(source, scalars.string if _is_cloudformation(text) else scalars.manifest)
        broken = any(document.root is None and document.problems for document in documents)
        if broken or any(problem.kind == "complex-key" for each in documents for problem in each.problems):
            from ekslint.source.template_languages import template_language

            language = template_language(text)
            if language is not None:
                self.names_in_templates.update(_NAME.findall(text))
                self.skip(path, template_reason(language))
                return
        self.texts[path] = source
        self.documents[path] = documents

    def every_document(self) -> Iterator[Document]:
        """All documents, in order of path and number."""
        for path in sorted(self.documents):
            yield from self.documents[path]


def _is_cloudformation(text: str) -> bool:
    return "::" in text and _CLOUDFORMATION.search(text) is not None and _MANIFEST.search(text) is None
