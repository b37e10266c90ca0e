"""The server: what it tells browsers to allow, and what it says when a page fails."""

import asyncio
import re
import socket
from base64 import b64encode
from collections.abc import Mapping, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

import app
from pages.kit import direct
from pages.kit.controls import UnusableError

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"


def answer(kind: str) -> MutableMapping[str, Any]:
    """Send one message of this kind through the middleware."""
    sent: list[MutableMapping[str, Any]] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": kind, "status": 200, "headers": [(b"x-own", b"1")]})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app.SecurityHeaders(inner)({"type": "http"}, receive, send))
    (message,) = sent
    return message


def test_every_answer_forbids_other_hosts() -> None:
    headers = {
        name.decode(): value.decode() for name, value in answer("http.response.start")["headers"]
    }
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert headers["x-own"] == "1"
    assert headers["x-content-type-options"] == "nosniff"
    for sources in policy.values():
        assert "//" not in sources
        assert "*" not in sources
    assert "unsafe" not in policy["script-src"]
    assert policy["default-src"] == "'self'"


def test_a_websocket_is_left_alone() -> None:
    assert answer("websocket.accept")["headers"] == [(b"x-own", b"1")]


def test_streamlits_own_inline_script_is_allowed() -> None:
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    assert scripts
    for script in scripts:
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in app.SECURITY_HEADERS["Content-Security-Policy"]


def test_a_direct_question_is_answered_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(token: str, settings: Mapping[str, str]) -> bytes:
        if token != "given":
            raise direct.NobodyError(token)
        if settings.get("of") == "before":
            raise direct.OutdatedError
        if settings["gabor"] == "wide":
            raise UnusableError("which is not a list of numbers")
        return settings["gabor"].encode() * 500

    monkeypatch.setattr(direct, "ask", ask)
    answer = app.answer_directly(direct_request("given", "gabor=1%2C2"))
    assert bytes(answer.body) == b"1,2" * 500
    assert answer.headers["cache-control"] == "no-store"
    assert app.answer_directly(direct_request("given", "gabor=wide")).status_code == 400
    assert app.answer_directly(direct_request("given", "of=before")).status_code == 204
    assert app.answer_directly(direct_request("guessed", "")).status_code == 404


def direct_request(token: str, question: str) -> Request:
    scope = {"type": "http", "path_params": {"token": token}, "query_string": question.encode()}
    return Request(scope)


@pytest.mark.parametrize(
    ("lang", "start"), [("en", "Something went wrong"), ("zh", "本页出了问题")]
)
def test_an_unexpected_error_is_one_sentence_in_the_readers_language(lang: str, start: str) -> None:
    def page() -> None:
        from app import one_sentence

        one_sentence(ZeroDivisionError("a secret"))

    at = AppTest.from_function(page, default_timeout=30)
    at.query_params["lang"] = lang
    at.run()
    (box,) = at.error
    assert box.value.startswith(start)
    assert "secret" not in box.value
    assert not at.exception


def test_a_listening_socket_is_told_to_send_at_once() -> None:
    """Streamlit's is made like this one; without the option each answer takes 40 ms more."""
    with socket.socket(socket.AF_INET) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        app.send_at_once()
        with socket.create_connection(listening.getsockname()) as visitor:
            accepted, _address = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                assert not visitor.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
