"""A chat model for tests and benches: a real HTTP server that speaks OpenAI's protocol and answers as it is told to."""

import json
import re
import select
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST_WAIT_S = 60.0


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def system(self) -> str:
        """The system message."""
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        """The first message of the user."""
        return str(self.body["messages"][1]["content"])

    @property
    def is_repair(self) -> bool:
        """Whether the model is told that its first reply did not fit."""
        return len(self.body["messages"]) > 2

    @property
    def output(self) -> str:
        """What the wanted object is called: the title of the schema."""
        return str(json.loads(self.system.splitlines()[-1])["title"])

    def data(self, name: str) -> str:
        """What was put in for an input, without its fence."""
        block = re.search(rf"<data-(\w+) {name}>\n(.*?)\n</data-\1>", self.user, re.DOTALL)
        return block[2] if block else ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the user's message that are JSON objects: passages, one a line, as they are offered."""
        return [json.loads(line) for line in self.user.splitlines() if re.fullmatch(r"\{.*\}", line)]


@dataclass(frozen=True)
class Says:
    """A reply: a text, or a value as JSON; `drip_s` is the pause after each byte of the response."""

    said: object = ""
    finish: str = "stop"
    refusal: str | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0

    @property
    def text(self) -> str:
        """What the model says."""
        return self.said if isinstance(self.said, str) else json.dumps(self.said, ensure_ascii=False)


@dataclass(frozen=True)
class Fails:
    """A response with the status of an error."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hangs:
    """No response at all, for as long as the client stays."""


@dataclass(frozen=True)
class Breaks:
    """The connection is closed without a response."""


Behaviour = Says | Fails | Hangs | Breaks
Rule = Callable[[Asked], Behaviour]


@dataclass
class ScriptedProvider:
    """What the server will do: the script first, one behaviour a request, then whatever the rule says.

    `visits` are the paths of all requests, whatever they ask; `left` is set when a client goes away before it has its
    response. `takes_schemas` is whether `response_format` is understood, as it is not by every server.
    """

    rule: Rule
    url: str = ""
    script: deque[Behaviour | Rule] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    takes_schemas: bool = True

    def will(self, *behaviours: Behaviour | Rule) -> None:
        """Do these next, in order."""
        self.script.extend(behaviours)

    def respond_to(self, asked: Asked) -> Behaviour:
        """Note a request, and decide on it."""
        self.asked.append(asked)
        if not self.takes_schemas and "response_format" in asked.body:
            return Fails(400)
        try:
            behaviour = self.script.popleft()
        except IndexError:
            behaviour = self.rule
        return behaviour(asked) if callable(behaviour) else behaviour


@contextmanager
def scripted_provider(rule: Rule, port: int = 0) -> Iterator[ScriptedProvider]:
    """Serve a scripted chat model on loopback."""
    provider = ScriptedProvider(rule)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = _Server(("127.0.0.1", port), handler)
    provider.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    provider: ScriptedProvider
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """List the one model."""
        self.provider.visits.append(self.path)
        self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        """Answer a chat completion; anything else is taken in silence."""
        self.provider.visits.append(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            self._send(202, {})
            return
        body = json.loads(content)
        behaviour = self.provider.respond_to(Asked(body, {name.lower(): value for name, value in self.headers.items()}))
        match behaviour:
            case Hangs():
                self._wait(LONGEST_WAIT_S)
                self.close_connection = True
            case Breaks():
                self.close_connection = True
            case Fails(status, headers):
                self._send(status, {"error": {"message": "as it was told to"}}, headers)
            case Says() if not self._wait(behaviour.delay_s):
                self._say(behaviour, body)

    def _wait(self, wait_s: float) -> bool:
        """Wait, but not for a client that leaves; say whether it did."""
        has_left = bool(wait_s and select.select([self.connection], [], [], wait_s)[0])
        if has_left:
            self.provider.left.set()
            self.close_connection = True
        return has_left

    def _say(self, said: Says, body: dict[str, Any]) -> None:
        usage = {
            "prompt_tokens": sum(len(str(message["content"])) for message in body["messages"]) // 4,
            "completion_tokens": len(said.text) // 4,
        }
        usage["total_tokens"] = sum(usage.values())
        frame = {"id": "scripted", "created": 0, "model": body["model"], "usage": usage}
        if body.get("stream"):
            self._stream(said, frame)
            return
        message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
        choices = [{"index": 0, "finish_reason": said.finish, "message": message}]
        self._send(200, frame | {"object": "chat.completion", "choices": choices}, drip_s=said.drip_s)

    def _stream(self, said: Says, frame: dict[str, Any]) -> None:
        deltas = [{"role": "assistant", "content": part} for part in re.findall(r"\S+\s*|\s+", said.text)]
        choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
        choices.append({"index": 0, "delta": {}, "finish_reason": said.finish})
        events = [frame | {"object": "chat.completion.chunk", "choices": [choice]} for choice in choices]
        data = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        self._write(200, "text/event-stream", data.encode(), {}, said.drip_s)

    def _send(self, status: int, value: object, headers: dict[str, str] | None = None, drip_s: float = 0.0) -> None:
        self._write(status, "application/json", json.dumps(value).encode(), headers or {}, drip_s)

    def _write(self, status: int, media_type: str, content: bytes, headers: dict[str, str], drip_s: float) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": media_type, "Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if not drip_s:
            self.wfile.write(content)
            return
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            if self._wait(drip_s):
                return
