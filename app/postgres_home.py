"""Where the embedded PostgreSQL lives: its private directory, the account that owns it, its locks and its socket."""

import fcntl
import hashlib
import os
import pwd
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import UnavailableError

# What connection URLs and libpq take literally; with the name of the socket it stays below the 103 bytes of macOS.
PLAIN_SOCKET_DIRECTORY = re.compile(rb"[A-Za-z0-9/._+-]{1,89}")
# Not the temporary or run-time directory of the environment: two commands that share a server may differ in those.
SHORT_DIRECTORY = Path("/tmp")  # noqa: S108 - what is made there is checked to be ours


@dataclass(frozen=True)
class Account:
    """The operating-system account that PostgreSQL runs under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class PostgresHome:
    """The directory of one embedded server, and the account that owns it (`None`: our own)."""

    path: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """The data directory of PostgreSQL."""
        return self.path / "cluster"

    @property
    def unfinished_cluster(self) -> Path:
        """Where initdb works; renamed to `cluster` once it is complete."""
        return self.path / "cluster.new"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.path / "server.log"

    @property
    def socket_directory(self) -> Path:
        """The directory of the socket: the cluster, or a short private one where its path does not do for that."""
        if PLAIN_SOCKET_DIRECTORY.fullmatch(os.fsencode(self.cluster)):
            return self.cluster
        path_hash = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return SHORT_DIRECTORY / f"verbatim-{_owner_uid(self.account)}-{path_hash}"

    def open_file(self, name: str, flags: int = 0) -> int:
        """Open a private file of the home, create it if need be, and return its descriptor; follow no planted link."""
        path = self.path / name
        flags |= os.O_RDWR | os.O_NOFOLLOW
        try:
            descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return os.open(path, flags)
        if self.account:
            os.fchown(descriptor, self.account.uid, self.account.gid)
        return descriptor


def locate_home(data_directory: Path) -> PostgresHome:
    """Say where the home of the embedded server below a data directory is; nothing is made."""
    path = (data_directory / "postgres").resolve()
    return PostgresHome(path, _choose_account(path, path.parent))


def create_home(data_directory: Path) -> PostgresHome:
    """Make the home of the embedded server below a data directory, unless it is there."""
    home = locate_home(data_directory)
    home.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_private(home.path, home.account)
    return home


def make_private(directory: Path, account: Account | None) -> None:
    """Make a directory that only the account can enter; refuse one that belongs to somebody else."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if account and directory.lstat().st_uid == 0:
        os.chown(directory, account.uid, account.gid, follow_symlinks=False)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != _owner_uid(account):
        raise UnavailableError(
            f"{directory} belongs to another user ({_user_name(found.st_uid)}): run the command as that user, "
            "or set VERBATIM_DATA_DIR to another directory."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)


def try_lock(descriptor: int, operation: int) -> bool:
    """Take a lock on an open file, `fcntl.LOCK_SH` or `fcntl.LOCK_EX`, unless somebody holds one that excludes it."""
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def os_errors_explained(directory: Path) -> Iterator[None]:
    """Turn a refusal by the operating system (no permission, no space) into one sentence with the remedy."""
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"The embedded database cannot use {error.filename or directory}: {error.strerror}. Make room there or "
            "change its permissions, or set VERBATIM_DATA_DIR to a directory that this user may write to."
        ) from error


def _choose_account(*directories: Path) -> Account | None:
    """Return the account for a server on these directories (innermost first); `None` stands for our own.

    PostgreSQL refuses to run as root. Root therefore runs it as the owner of the data, and where that is root itself,
    as `postgres` or else `nobody`: accounts that machines already have; none is created.
    """
    if os.geteuid() != 0:
        return None
    if sys.platform != "linux":
        raise UnavailableError("The embedded database cannot be run as root here: use an ordinary user.")
    for directory in directories:
        with suppress(FileNotFoundError, KeyError):
            if owner := directory.stat().st_uid:
                return Account(owner, pwd.getpwuid(owner).pw_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise UnavailableError(
        "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`: use an ordinary user, "
        "or set VERBATIM_DATABASE_URL to another PostgreSQL."
    )


def _owner_uid(account: Account | None) -> int:
    return account.uid if account else os.geteuid()


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
