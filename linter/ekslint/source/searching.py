"""One search through the PATHs: what is taken, and a word about everything that is not."""

import errno
import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ekslint.source import reading
from ekslint.source.gitfiles import (
    FOREIGN_FOLDER,
    FOREIGN_FOLDERS,
    NESTED_REPOSITORY,
    GitUnavailableError,
    git_files,
    walked_files,
)
from ekslint.source.sniffing import is_candidate, name_reason

CONFIGURATION_FILE = ".ekslint.yaml"
ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})

_EXCLUDED = "excluded by the configuration"
_LEADS_OUT = "an entry of git's index that leads out of the root"
_NOT_UTF_8 = "its name is not valid UTF-8: rename it, since no report could point to it"

_SURROGATE = re.compile("[\ud800-\udfff]")
_WINDOWS_PATH_SIGNS = frozenset("\\:")


@dataclass(slots=True)
class Search:
    """Paths are relative to the root, with `/`; the root has no link in it."""

    root: Path
    exclude: Callable[[str], bool]
    tracked_only: bool
    files: set[str] = field(default_factory=set)
    skipped: dict[tuple[str, str], bool] = field(default_factory=dict)
    _links: dict[str, bool] = field(default_factory=dict)

    def skip(self, path: str, reason: str, problem: bool = False) -> None:
        """Note that something was passed over; saying it twice changes nothing."""
        self.skipped[in_utf_8(path), reason] = problem

    def take_named(self, path: str) -> None:
        """A file that is a PATH of its own."""
        if not _is_utf_8(path):
            self.skip(path, _NOT_UTF_8, True)
            return
        try:
            status = os.lstat(self._absolute(path))
        except OSError as error:
            self.skip(path, f"cannot be read: {reading.error_words(error)}", True)
            return
        self._add(path, status, named=True)

    def take_folders(self, folders: Sequence[str]) -> None:
        """Folders that are PATHs, "" for the root."""
        by_checkout: dict[str | None, list[str]] = {}
        for folder in folders:
            by_checkout.setdefault(self._checkout(folder), []).append(folder)
        for checkout, inside in by_checkout.items():
            holding = None if checkout is None else self._take_from_git(checkout, inside)
            for folder in inside:
                # git lists nothing in a folder that it ignores; whoever names one wants what is in it.
                if holding is None or (folder not in {*holding, checkout} and not self.tracked_only):
                    for path in walked_files(str(self.root), folder, self.skip):
                        self._take(path)

    def _checkout(self, folder: str) -> str | None:
        while not os.path.lexists(self._absolute(f"{folder}/.git")):
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
        return folder

    def _take_from_git(self, checkout: str, folders: list[str]) -> set[str] | None:
        """Take what git lists; answers which of `folders` hold any of it, or None if git cannot say."""
        inside = [folder.removeprefix(checkout).lstrip("/") for folder in folders]
        try:
            names = git_files(self._absolute(checkout), inside, self.tracked_only)
        except GitUnavailableError as error:
            reason = f"git did not list the files ({error}): the folders were searched, by the .gitignore files in them"
            self.skip(f"{checkout}/.git".lstrip("/"), reason, self.tracked_only)
            return None
        wanted = set(folders)
        holding: set[str] = set()
        decided: dict[str, bool] = {}
        for name in names:
            path = f"{checkout}/{name}" if checkout else name
            folder = path.rpartition("/")[0]
            if folder not in decided:
                above = _folders_to(folder)
                given = wanted.intersection(above)
                holding |= given
                decided[folder] = bool(given) and self._is_open(above, given)
            if decided[folder]:
                self._take(path)
        return holding

    def _is_open(self, above: list[str], given: set[str]) -> bool:
        """Whether git's entries in a folder are to be read; `above` are the folders on the way, with itself."""
        deepest = max(len(folder) for folder in given)
        for folder in above[1:]:
            name = folder.rpartition("/")[2]
            if _leads_out(name):
                self.skip(above[-1], _LEADS_OUT)
                return False
            if name in FOREIGN_FOLDERS and len(folder) > deepest:
                self.skip(folder, FOREIGN_FOLDER)
                return False
            if folder not in self._links:
                self._links[folder] = Path(self._absolute(folder)).is_symlink()
            if self._links[folder]:
                # The index has files in it, the work tree a link: going on may lead out of the root.
                self._follow(folder)
                return False
        return True

    def _take(self, path: str) -> None:
        """Something that stands in a folder; it may be anything but a folder that the walk went into."""
        folder, _, name = path.rpartition("/")
        if not name:
            self.skip(folder, NESTED_REPOSITORY)
            return
        candidate = is_candidate(name)
        if _leads_out(name) or path.startswith("/"):
            self.skip(path, _LEADS_OUT)
            return
        if not _is_utf_8(path):
            if candidate:
                self.skip(path, _NOT_UTF_8, True)
            return
        try:
            status = os.lstat(self._absolute(path))
        except OSError as error:
            if candidate and error.errno in ABSENT:
                self.skip(path, "deleted: git lists it, but it does not exist")
            elif candidate:
                self.skip(path, f"cannot be read: {reading.error_words(error)}", True)
            return
        if stat.S_ISLNK(status.st_mode):
            self._follow(path)
        elif stat.S_ISDIR(status.st_mode):
            self.skip(path, NESTED_REPOSITORY)
        elif candidate:
            self._add(path, status)
        elif (reason := name_reason(name)) is not None:
            self.skip(path, reason)

    def _follow(self, link: str) -> None:
        candidate = is_candidate(link.rpartition("/")[2])
        try:
            target = Path(os.path.realpath(self._absolute(link), strict=True))
            status = os.lstat(target)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.skip(link, "a link that leads back to itself")
            elif error.errno in ABSENT:
                self.skip(link, "a link to something that does not exist")
            else:
                self.skip(link, f"a link that cannot be followed: {reading.error_words(error)}", candidate)
            return
        if not target.is_relative_to(self.root):
            self.skip(link, "a link that leads out of the root")
            return
        path = target.relative_to(self.root).as_posix()
        if stat.S_ISDIR(status.st_mode):
            self.skip(link, f"a link to the folder {in_utf_8(path)}: folders are read under their own names")
        elif not candidate:
            return
        elif not _is_utf_8(path):
            self.skip(link, "a link to a file whose name is not valid UTF-8", True)
        elif self.exclude(link):
            self.skip(link, _EXCLUDED)
        else:
            # GitHub and most editors cannot show a place under a link's name.
            self.skip(link, f"a link to {path}, which is read under that name")
            self._add(path, status)

    def _add(self, path: str, status: os.stat_result, named: bool = False) -> None:
        special = reading.special_kind(status.st_mode)
        too_large = reading.size_problem(status.st_size, reading.LARGEST_FILE)
        if not named and self.exclude(path):
            self.skip(path, _EXCLUDED)
        elif path == CONFIGURATION_FILE and not named:
            self.skip(path, "the configuration of ekslint")
        elif special is not None:
            self.skip(path, special, named)
        elif too_large is not None:
            self.skip(path, too_large, True)
        else:
            self.files.add(path)

    def _absolute(self, path: str) -> str:
        return f"{self.root}/{path}"


def _folders_to(folder: str) -> list[str]:
    """The root and every folder on the way, with the folder itself: `["", "a", "a/b"]`."""
    ends = [end for end, sign in enumerate(folder) if sign == "/"]
    return ["", *(folder[:end] for end in ends), folder] if folder else [""]


def _leads_out(name: str) -> bool:
    # An index is a file like any other: git writes no such names into it, somebody else may.
    return name in {"", ".", ".."} or (os.name == "nt" and not _WINDOWS_PATH_SIGNS.isdisjoint(name))


def _is_utf_8(path: str) -> bool:
    # File names that are not come from the operating system with lone surrogates in them.
    return path.isascii() or _SURROGATE.search(path) is None


def in_utf_8(path: str) -> str:
    """A path as valid Unicode: bytes that are not UTF-8 are written as `\\xe9`."""
    return path if _is_utf_8(path) else os.fsencode(path).decode("utf-8", "backslashreplace")
