"""Answers requests in this process, without a socket, and says how long the processor worked: a line each way."""

import io
import json
import sys
import time
from typing import Any

from letterlock.config.wsgi import application


def answer(asked: dict[str, Any]) -> tuple[float, int]:
    """Microseconds of this thread's own work, and the status."""
    environ, status = _environ(asked), []
    began = time.thread_time_ns()
    response = application(environ, lambda said, _headers: status.append(said))
    for _piece in response:
        pass
    response.close()
    return (time.thread_time_ns() - began) / 1_000, int(status[0][:3])


def _environ(asked: dict[str, Any]) -> dict[str, Any]:
    path, _, query = asked["path"].partition("?")
    body = asked["body"].encode()
    heads = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked["headers"].items()}
    return heads | {
        "REQUEST_METHOD": asked["method"],
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": asked["headers"]["Content-Type"],
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
