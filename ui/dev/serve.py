#!/usr/bin/env python3
"""Serves the page without the app, with mock.js in place of the core. For looking, never shipped.

usage: serve.py [FOLDER] [PORT]     FOLDER holds index.html, ui.js, ui_bg.wasm, styles.css, boot.js
Paths that are no file get index.html, as the app's own protocol does it.
"""
import functools
import http.server
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".wasm": "application/wasm",
        ".js": "text/javascript",
    }

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/mock.js":
            return self.send(HERE.joinpath("mock.js").read_bytes(), "text/javascript")
        if not pathlib.Path(self.translate_path(path)).is_file():
            index = pathlib.Path(self.directory, "index.html").read_text()
            mocked = index.replace("<base", '<script src="/mock.js"></script>\n    <base')
            return self.send(mocked.encode(), "text/html; charset=utf-8")
        return super().do_GET()

    def send(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        self.send_header("cache-control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        pass


folder = sys.argv[1] if len(sys.argv) > 1 else str(HERE.parent / "dist")
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8137
handler = functools.partial(Handler, directory=folder)
http.server.ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()
