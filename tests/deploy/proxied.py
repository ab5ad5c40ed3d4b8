"""nginx as shipped before a small program, on this machine."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


class Proxied:
    """The address of the proxy, its log, and how many requests reached the program."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder, self.reached = port, folder, 0
        self.context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        self.context.check_hostname = False

    def half_sent(self) -> ssl.SSLSocket:
        """A request whose head never ends."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        secret = self.context.wrap_socket(plain, server_hostname="zz.example")
        secret.sendall(b"GET /cases/ HTTP/1.1\r\nHost: zz.example\r\nX-Half: ")
        return secret

    def asked(self, path: str) -> int:
        address = f"https://127.0.0.1:{self.port}{quote(path, safe='/?=')}"
        with urllib.request.urlopen(address, timeout=20, context=self.context) as answer:
            return int(answer.status)

    def log(self) -> str:
        end = time.monotonic() + 10
        while (text := (self.folder / "zhongzhi.log").read_text()).count("\n") < 3 and time.monotonic() < end:
            time.sleep(0.1)
        return text


@contextmanager
def proxied(folder: Path) -> Iterator[Proxied]:
    """nginx with the shipped file; only places and ports are others."""
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=zz.example")
    pair = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem"))
    subprocess.run(["openssl", *made, *pair], check=True, capture_output=True)
    with socket.socket() as found, socket.socket() as other:
        found.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        port, plain = found.getsockname()[1], other.getsockname()[1]
    there = Proxied(port, folder)

    class Program(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.reached += 1
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    behind = ThreadingHTTPServer(("127.0.0.1", 0), Program)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    text = (Path(settings.BASE_DIR) / "deploy" / "nginx" / "zhongzhi.conf").read_text()
    for old, new in (
        ("unix:/run/zhongzhi/web.sock", f"127.0.0.1:{behind.server_port}"),
        ("/etc/zhongzhi/tls", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
    ):
        assert old in text
        text = text.replace(old, new)
    file = folder / "nginx.conf"
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy"))
    file.write_text(f"pid {folder}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{temporary}{text}\n}}")
    folder.chmod(0o755)
    program = subprocess.Popen([shutil.which("nginx", path=PATH) or "nginx", "-p", str(folder), "-c", str(file)])
    try:
        _await(port)
        yield there
    finally:
        program.terminate()
        program.wait()
        behind.shutdown()


def _await(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            assert time.monotonic() < end, "nginx is not up"
            time.sleep(0.1)
