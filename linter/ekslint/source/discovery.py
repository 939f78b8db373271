"""PATHs → the files to lint, with a word about everything that is passed over."""

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ekslint.source import reading
from ekslint.source.searching import ABSENT, CONFIGURATION_FILE, Search, in_utf_8


class DiscoveryError(Exception):
    """The PATHs as given cannot be linted: a usage error. The message says why and what to do."""


class MissingPathError(DiscoveryError):
    """A PATH that does not exist, or cannot be reached."""

    def __init__(self, path: Path, reason: str = "it does not exist") -> None:
        super().__init__(f"cannot lint {_shown(path)}: {reason}. Check the spelling and the current folder")
        self.path = path


class OutsideRootError(DiscoveryError):
    """A PATH outside the root of the run."""

    def __init__(self, path: Path, root: Path) -> None:
        super().__init__(
            f"{_shown(path)} lies outside {_shown(root)}, the root of this run: lint it in a run of its own"
        )
        self.path = path
        self.root = root


class Found(NamedTuple):
    """A file to lint, under its real name."""

    path: str
    """Relative to the root, with `/`. Valid Unicode, but any: whoever prints it must escape it."""
    absolute: Path


class Skipped(NamedTuple):
    """Something that was passed over, and why."""

    path: str
    """Relative to the root, with `/`. What is not UTF-8 in a name is written as `\\xe9`."""
    reason: str
    problem: bool
    """Whether somebody must hear of it unasked (unreadable), or only `ekslint files` says it."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the PATHs hold, both lists sorted by path."""

    files: list[Found]
    problems: list[Skipped]


def find_root(paths: Sequence[Path]) -> Path:
    """The folder that all paths in a run are relative to, without links in it.

    The nearest folder at or above the first PATH with a `.git`, else with a `.ekslint.yaml`, else the PATHs' common
    folder. No PATH means the current folder. Raises `MissingPathError` and `OutsideRootError`.
    """
    real = [_real(path) for path in paths or [Path()]]
    folders = [path if path.is_dir() else path.parent for path in real]
    root = _nearest_with(".git", folders[0]) or _nearest_with(CONFIGURATION_FILE, folders[0])
    if root is None:
        try:
            root = Path(os.path.commonpath(folders))
        except ValueError:  # Windows: PATHs on two drives
            root = folders[0]
    for path, target in zip(paths, real, strict=False):
        if not target.is_relative_to(root):
            raise OutsideRootError(path, root)
    return root


def discover(
    paths: Sequence[Path], root: Path, exclude: Callable[[str], bool], tracked_only: bool = False
) -> Discovery:
    """The files that the PATHs stand for, and everything that was passed over.

    A PATH that is a file is taken whatever its name, and even if excluded or ignored by git; a folder gives the files
    in it that git would list (only tracked ones with `tracked_only`, in a checkout) and whose name is that of a
    candidate. `exclude` is asked about paths relative to `root`, with `/`. Raises `MissingPathError` and
    `OutsideRootError`; nothing in a file system or a repository makes it fail otherwise.
    """
    root = _real(root)
    search = Search(root, exclude, tracked_only)
    folders = []
    for path in paths or [Path()]:
        target = _real(path)
        if not target.is_relative_to(root):
            raise OutsideRootError(path, root)
        relative = target.relative_to(root).as_posix()
        if target.is_dir():
            folders.append("" if relative == "." else relative)
        else:
            search.take_named(relative)
    search.take_folders(sorted(set(folders)))
    return Discovery(
        files=[Found(path, root / path) for path in sorted(search.files)],
        problems=sorted(
            Skipped(path, reason, problem)
            for (path, reason), problem in search.skipped.items()
            # Excluded by way of a folder, and named as a PATH as well.
            if path not in search.files
        ),
    )


def read(found: Found) -> bytes | Skipped:
    """The bytes of a file; or, with the system's words, why there are none: a problem, since it was there before."""
    try:
        return reading.read_regular(found.absolute)
    except reading.UnfitFileError as error:
        return Skipped(found.path, str(error), True)
    except OSError as error:
        return Skipped(found.path, f"cannot be read: {reading.error_words(error)}", True)


def _real(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path, strict=True))
    except ValueError:  # a NUL
        raise MissingPathError(path) from None
    except OSError as error:
        if error.errno in ABSENT:
            raise MissingPathError(path) from None
        words = "it is a link that leads back to itself" if error.errno == errno.ELOOP else reading.error_words(error)
        raise MissingPathError(path, words) from None


def _nearest_with(name: str, folder: Path) -> Path | None:
    for each in (folder, *folder.parents):
        marker = each / name
        # Asked first because, unlike the others, it raises nothing where a folder may not be entered.
        if os.access(marker, os.F_OK) and (marker.is_file() or (name == ".git" and marker.is_dir())):
            return each
    return None


def _shown(path: Path) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in in_utf_8(str(path)))
