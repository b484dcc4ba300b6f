"""Answers HTTP for a WSGI application and keeps its connections.

werkzeug's own handler makes a connection, a thread and a selector for each request, and tells its callers to do likewise.
"""

import io
import traceback

from werkzeug.serving import WSGIRequestHandler


class KeptConnections(WSGIRequestHandler):
    # Callers wait for the end of an answer before they ask again: there is nothing to gather up.
    disable_nagle_algorithm = True

    def run_wsgi(self):
        self.environ = environ = self.make_environ()
        # Whatever the application leaves of a body would be read as the next request.
        environ["wsgi.input"] = io.BytesIO(self.body_of(environ))
        try:
            status, headers, body = answer_of(self.server.app, environ)
        except Exception:
            status, headers, body = "500 Internal Server Error", [], traceback.format_exc().encode()
        self.send_response(*status_of(status))
        for name, value in headers:
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        if self.command == "HEAD":
            body = b""
        elif has_body(status):
            self.send_header("Content-Length", str(len(body)))
        # One packet for head and body.
        self._headers_buffer.append(b"\r\n" + body)
        self.flush_headers()

    def body_of(self, environ):
        if environ.get("wsgi.input_terminated"):
            return environ["wsgi.input"].read()
        return self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))

    def log_request(self, *_args):
        pass

    def send_header(self, keyword, value):
        # AWS SDKs in processes that show the real time would take a moved clock for clock skew, and then retry
        # every error for minutes.
        if keyword.lower() != "date":
            super().send_header(keyword, value)


def answer_of(application, environ):
    """Status line, headers and the whole body."""
    started = []
    chunks = application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return *started[-1], body


def status_of(line):
    code, _, reason = line.partition(" ")
    return int(code), reason


def has_body(status):
    return status[:3] not in ("204", "304")
