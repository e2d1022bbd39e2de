"""A static host on this machine: it sends what compresses gzipped, as published sites do."""

import contextlib
import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

COMPRESSED = {".html", ".js", ".css", ".json", ".svg", ".txt", ".ttf", ".eot"}


@functools.lru_cache(None)
def content(path: Path) -> tuple[bytes, bool]:
    """Return what is sent for a file, and whether it is gzipped."""
    data = path.read_bytes()
    small = path.suffix in COMPRESSED
    return (gzip.compress(data) if small else data), small


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data, small = content(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def host(folder: Path) -> Iterator[str]:
    """Serve a folder; gives the address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}"
        finally:
            running.shutdown()
