"""A service outside, on loopback, which counts its calls."""

import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer


class Stub:
    """`calls` counts Idempotency-Keys; `answers` says what a path is answered, as a function that
    is given the handler.
    """

    def __init__(self):
        self.calls = Counter()
        self.seen = []
        self.answers = {}
        self.url = ""


@contextmanager
def serving():
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            stub.calls[self.headers.get("Idempotency-Key")] += 1
            stub.seen.append((self.command, self.path, dict(self.headers), body))
            answer = stub.answers.get(self.path.partition("?")[0])
            if answer is not None:
                answer(self)
                return
            say(self, 200, b'{"ok": true, "score": 87}')

        def log_message(self, *args):
            """Quiet."""

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, address: None  # callers are killed, or leave
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server(refuses=""):
    """A mail server that keeps what it is sent, or refuses one command."""
    kept = []

    class Handler(StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line.split()[0].upper().decode()
                if word == refuses:
                    self.wfile.write(b"550 no\r\n")
                elif word == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    kept.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                    self.wfile.write(b"250 kept\r\n")
                elif word == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", kept
        server.shutdown()


def say(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
