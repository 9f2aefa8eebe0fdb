"""Connections that lead to chosen addresses, whatever the name of the host resolves to, and end at a deadline."""

import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from httpcore2 import (
    SOCKET_OPTION,
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadTimeout,
    SyncBackend,
    WriteTimeout,
)

from app.documents.addresses import Address


@dataclass(frozen=True)
class Deadline:
    """A moment (of the monotonic clock, in seconds) until which work may last."""

    at_s: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """The moment that is so many seconds away."""
        return cls(time.monotonic() + seconds)

    def left_s(self, late: type[Exception]) -> float:
        """How long it is until then; raises `late` when it is past."""
        left = self.at_s - time.monotonic()
        if left <= 0:
            raise late
        return left


class PinnedBackend(NetworkBackend):
    """Connects to the first of some addresses that takes the connection; the name of the host is not looked up."""

    def __init__(self, addresses: Sequence[Address], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 the signature of a backend
        port: int,
        timeout: float | None = None,  # noqa: ARG002 the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect, and let the stream end at the deadline."""
        failure: Exception = ConnectError("no address")
        for address in self._addresses:
            left_s = self._deadline.left_s(ConnectTimeout)
            try:
                stream = SyncBackend().connect_tcp(str(address), port, left_s, local_address, socket_options or [])
            except (ConnectError, ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(NetworkStream):
    """A stream of which every read and write ends at the deadline, also where bytes come one by one."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 the deadline counts
        return self._stream.read(max_bytes, self._deadline.left_s(ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 the deadline counts
        self._stream.write(buffer, self._deadline.left_s(WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 the deadline counts
    ) -> NetworkStream:
        left_s = self._deadline.left_s(ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
