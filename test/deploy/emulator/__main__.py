"""Runs the AWS emulator, with the whole of ECR, on a free port of the loopback interface until its standard input closes.

Beside it runs a registry that stands in for Docker Hub and every other upstream.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

stand_in = subprocess.Popen([os.environ["CRANE"], "registry", "serve", "--address", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
upstream = f"127.0.0.1:{stand_in.stderr.readline().split()[-1]}"
listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
os.environ.update(
    BIND_HOST="127.0.0.1", GATEWAY_PORT=str(port), AUTH="true", LOG_LEVEL=os.environ.get("LOG_LEVEL", "CRITICAL"),
    IOT_MTLS_ENABLED="0", SFTP_ENABLED="0", AWS_SECRET_ACCESS_KEY="test", EMULATOR_UPSTREAM=upstream,
)

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app  # noqa: E402

from . import plugin  # noqa: E402


async def gateway(scope, receive, send):
    """Registry clients reach `<account>.dkr.ecr.<region>.amazonaws.com` through here as their HTTP proxy, so no name is looked up."""
    if scope["type"] == "http":
        if scope["method"] == "CONNECT":
            await send({"type": "http.response.start", "status": 405, "headers": []})
            return await send({"type": "http.response.body", "body": b""})
        if scope["path"].startswith("http://"):
            path = urlsplit(scope["path"]).path
            scope = {**scope, "path": path, "raw_path": path.encode()}
        # The bootstrapped buckets refuse clear text; on loopback the connection counts as encrypted.
        scope = {**scope, "scheme": "https"}
    await app(scope, receive, send)


def leave_with_parent():
    sys.stdin.read()
    stand_in.kill()
    stand_in.wait()
    os._exit(0)


def drain():
    for _ in stand_in.stderr:
        pass


def main():
    plugin.install()
    for watch in (leave_with_parent, drain):
        threading.Thread(target=watch, daemon=True).start()
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.loglevel = "WARNING"
    print(json.dumps({"endpoint": f"http://127.0.0.1:{port}", "upstream": upstream}), flush=True)
    asyncio.run(serve(gateway, config))


main()
