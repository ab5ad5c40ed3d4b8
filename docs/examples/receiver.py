"""A receiver of webhooks, with Python alone: `python receiver.py PORT SECRET [HOW_MANY]`.

Checks the signature (Standard Webhooks), takes each event once, and prints what it was told, a line for each event.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

PORT, SECRET = int(sys.argv[1]), sys.argv[2]
LEFT = int(sys.argv[3]) if len(sys.argv) > 3 else None
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
known: set[str] = set()


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what it takes, 401 to what is not signed with our secret or older than five minutes."""

    def do_POST(self) -> None:
        """One event."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event_id, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        signed = f"{event_id}.{moment}.".encode() + body
        mine = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        is_ours = any(hmac.compare_digest(mine, one) for one in self.headers["webhook-signature"].split())
        is_fresh = abs(time.time() - int(moment)) < 300
        if is_ours and is_fresh and event_id not in known:
            known.add(event_id)
            event = json.loads(body)
            status = (event["data"]["case"] or {}).get("status", "-")
            sys.stdout.write(f"{event['type']} {event['subject']} {status}\n")
            sys.stdout.flush()
        self.send_response(204 if is_ours and is_fresh else 401)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Only events are printed."""


server = HTTPServer(("127.0.0.1", PORT), Receiver)
while LEFT is None or len(known) < LEFT:
    server.handle_request()
