"""The server: `streamlit run app.py` finds `app` here; every visitor gets `pages/shell.py`."""

import gc
import importlib
import os
import re
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.kit import direct
from pages.kit.controls import UnusableError
from pages.kit.language import _

# One thread for each session's matrix products: they are small, and the threads of several sessions
# (or of NumPy and a busy browser) would wait for each other. NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PRELOADED = ("numpy", "scipy.signal", "plotly.io", "plotly.tools")


def inline_scripts() -> str:
    """Name the scripts inside Streamlit's own page by their hashes, as a security policy does."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [
        sha256(script.encode()).digest()
        for script in re.findall(r"<script>(.*?)</script>", page, re.S)
    ]
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in hashes)


# Nothing is fetched from another host, and no text that slips into a page can run as a script.
# Streamlit's styles are inline; its components' scripts are blobs that this page made itself.
SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: {inline_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'self'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class SecurityHeaders:
    """ASGI middleware that adds `SECURITY_HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def answer_directly(request: Request) -> Response:
    """Give what a component asks at the address that its lesson gave it (a thread's work)."""
    try:
        message = direct.ask(request.path_params["token"], request.query_params)
    except direct.NobodyError:
        return Response(status_code=404)
    except direct.OutdatedError:
        return Response(status_code=204)
    except UnusableError:
        return Response(status_code=400)
    # Packing megabytes of numbers would cost more time than it saves.
    return Response(message, headers={"Cache-Control": "no-store", "Content-Encoding": "identity"})


def send_at_once() -> None:
    """Let no answer wait for the receipt of the packet before it: that takes 40 ms each time.

    Python does this for servers by itself, but not for the socket that Streamlit opens. Nobody
    hands that one out, so it is looked for; what it accepts inherits the option.
    """
    for found in gc.get_objects():
        if type(found) is socket.socket and found.fileno() >= 0 and _speaks_tcp(found):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _speaks_tcp(found: socket.socket) -> bool:
    return found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM


@asynccontextmanager
async def prepare(_app: st.App) -> AsyncIterator[None]:
    """Do what would keep visitors waiting before the first one comes."""
    for name in PRELOADED:
        importlib.import_module(name)
    send_at_once()
    yield


def one_sentence(_error: Exception) -> bool:
    """Tell the reader of an unexpected error, in their language; Streamlit has logged it."""
    st.error(_("Something went wrong on this page; reload it or choose another lesson."))
    return True


app = st.App(
    "pages/shell.py",
    routes=[Route("/direct/{token}", answer_directly)],
    lifespan=prepare,
    middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, compresslevel=5)],
    on_script_error=one_sentence,
)
