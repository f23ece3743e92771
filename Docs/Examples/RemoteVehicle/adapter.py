#!/usr/bin/env python3
"""A remote adapter for a vehicle register, with nothing but Python's standard library.

    python3 adapter.py --gateway http://127.0.0.1:8080 --key vehicle.key [--port 9000]

`adapter.json` beside it is the file that is registered. What is worth reading is `prepare` and `classify`; the rest is
the protocol (Docs/RemoteAdapters.md) and can be taken over as it is.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request

FILE = pathlib.Path(__file__).with_name("adapter.json").read_bytes()
ADAPTER = json.loads(FILE)["id"]


# ---------------------------------------------------------------- what the adapter knows of its agency


def prepare(call, settings):
    """The message to the agency."""
    payload = call["payload"]
    headers = [["X-API-Key", settings["apiKey"]], ["Accept", "application/json"]]
    match call["operation"]:
        case "lookup":
            return {"method": "GET", "path": ["vehicles", payload["plate"]], "headers": headers}
        case "book":
            # The key is the same at every attempt and every inquiry: the booking can be found by it.
            body = json.dumps({"reference": call["key"], **payload})
            headers.append(["Content-Type", "application/json"])
            return {"method": "POST", "path": ["bookings"], "headers": headers, "body": body}
        case "find-booking":
            return {"method": "GET", "path": ["bookings", call["key"]], "headers": headers}


def classify(call, response):
    """What the agency's answer means: a verdict, or a finding when it was an inquiry."""
    status = response["status"]
    try:
        body = json.loads(response.get("body", ""))
    except ValueError:
        body = None
    if call["purpose"] == "inquiry":
        if status == 404:
            return {"finding": {"kind": "notDone"}}
        if status == 200 and body:
            return {"finding": {"kind": "done", "output": booking(body)}}
        return {"finding": {"kind": "unclear"}}
    if status == 404:
        texts = {"id": "Nomor polisi tidak terdaftar.", "en": "The number plate is not registered."}
        return {"verdict": {"kind": "rejected", "agencyCode": "404", "texts": texts}}
    if status == 429:
        return {"verdict": {"kind": "throttled", "retryAfter": "30s"}}
    if status in (401, 403):
        return {"verdict": {"kind": "unauthorized"}}
    if status == 200 and body:
        if call["operation"] == "book":
            output = booking(body)
            return {"verdict": {"kind": "succeeded", "output": output, "agencyReference": output["bookingNumber"]}}
        output = {name: body[name] for name in ("plate", "make", "model", "year")}
        return {"verdict": {"kind": "succeeded", "output": output}}
    # Anything else is not understood. The gateway then repeats a query, and asks about a booking.
    return {"verdict": {"kind": "inDoubt" if call["effect"] == "nonIdempotent" else "transient"}}


def booking(body):
    return {"bookingNumber": body["number"], "date": body["date"], "station": body["station"]}


# ---------------------------------------------------------------- Ed25519 (RFC 8032, section 5.1), for one signature
# every ten seconds. It is correct and slow, and its time depends on the key: where a package may be installed, use one.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def added(p, q):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = p, q
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiplied(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = added(result, point)
        point = added(point, point)
        number >>= 1
    return result


def base_point():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x & 1:
        x = P - x
    return x, y, 1, x * y % P


BASE = base_point()


def encoded(point):
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def signature(seed, message):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    public = encoded(multiplied(scalar, BASE))
    nonce = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % ORDER
    commitment = encoded(multiplied(nonce, BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % ORDER
    return commitment + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


# ---------------------------------------------------------------- the protocol


def signed_text(method, path, moment, nonce, body):
    digest = hashlib.sha256(body).hexdigest()
    return f"GERBANG1\n{method}\n{path}\n{moment}\n{nonce}\n{digest}".encode()


class Instance:
    """This process: a new id and a new secret at every boot."""

    def __init__(self, address, gateway, key_text):
        self.id = secrets.token_hex(16)
        self.secret = secrets.token_bytes(32)
        self.address = address
        self.gateway = gateway
        _, self.key_name, seed = key_text.split("_")
        self.seed = bytes.fromhex(seed)
        self.sequence = 0
        self.generation = None
        self.connections = {}
        self.in_flight = 0
        self.draining = False
        self.seen = {}
        self.lock = threading.Lock()

    def beat(self):
        """Says that this process lives, and takes what the gateway answers."""
        with self.lock:
            self.sequence += 1
            message = {
                "instance": self.id,
                "sequence": self.sequence,
                "hash": hashlib.sha256(FILE).hexdigest(),
                "address": self.address,
                "callKey": base64.b64encode(self.secret).decode(),
                "inFlight": self.in_flight,
                "isDraining": self.draining,
            }
            if self.generation:
                message["generation"] = self.generation
        answer = self.post(f"/v1/adapters/{ADAPTER}/heartbeat", message)
        with self.lock:
            if "connections" in answer:
                self.connections = {each["id"]: each["settings"] for each in answer["connections"]}
            self.generation = answer["generation"]
        return answer["command"]

    def post(self, path, message):
        body = json.dumps(message).encode()
        moment, nonce = int(time.time() * 1000), secrets.token_hex(16)
        proof = base64.b64encode(signature(self.seed, signed_text("POST", path, moment, nonce, body))).decode()
        request = urllib.request.Request(
            self.gateway + path,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Gerbang ed25519,{self.key_name},{moment},{nonce},{proof}",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def believes(self, path, header, body):
        """The nonce of a message that is the gateway's, to this instance, and new; None otherwise."""
        try:
            scheme, rest = header.split(" ", 1)
            kind, name, moment, nonce, proof = rest.split(",")
            expected = hmac.new(self.secret, signed_text("POST", path, moment, nonce, body), hashlib.sha256).digest()
            now = time.time()
            if scheme != "Gerbang" or kind != "hmac" or name != self.id or abs(now - int(moment) / 1000) > 120:
                return None
            if not hmac.compare_digest(expected, base64.b64decode(proof)):
                return None
        except (AttributeError, ValueError):
            return None
        with self.lock:
            self.seen = {each: then for each, then in self.seen.items() if now - then < 300}
            if nonce in self.seen:
                return None
            self.seen[nonce] = now
        return nonce

    def proof(self, nonce, status, body):
        text = f"GERBANG1-ANSWER\n{nonce}\n{status}\n{hashlib.sha256(body).hexdigest()}".encode()
        return base64.b64encode(hmac.new(self.secret, text, hashlib.sha256).digest()).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        instance = self.server.instance
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        nonce = instance.believes(self.path, self.headers.get("Authorization"), body)
        if nonce is None:
            return self.answer(401, b"{}")
        call = json.loads(body)
        with instance.lock:
            instance.in_flight += 1
            settings = instance.connections.get(call["connection"])
        try:
            status, answer = 200, {"call": call["call"]}
            if settings is None:
                # Declined: nothing was begun. The settings come with the next heartbeat.
                status = 503
            elif self.path == "/prepare":
                answer["message"] = prepare(call, settings)
            elif self.path == "/classify":
                answer |= classify(call, call["response"])
            else:
                status = 404
        finally:
            with instance.lock:
                instance.in_flight -= 1
        data = json.dumps(answer).encode()
        self.answer(status, data, instance.proof(nonce, status, data))

    def answer(self, status, body, proof=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if proof:
            self.send_header("Gerbang-Proof", proof)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Paths and addresses only would be harmless; payloads never belong into a log."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--key", required=True, help="the key file of 'gerbang adapters key create'")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--every", type=float, default=10, help="seconds between heartbeats")
    parser.add_argument("--until-input-ends", action="store_true", help="drain and stop when standard input ends")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    key = pathlib.Path(options.key).read_text().strip()
    instance = Instance(f"http://127.0.0.1:{server.server_port}", options.gateway.rstrip("/"), key)
    server.instance = instance
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)

    def wait_for_end():
        sys.stdin.read()
        # Whatever is under way ends first; nothing new comes once the gateway knows.
        instance.draining = True
        try:
            instance.beat()
        except OSError:
            pass
        while instance.in_flight:
            time.sleep(0.05)
        os._exit(0)

    if options.until_input_ends:
        threading.Thread(target=wait_for_end, daemon=True).start()
    while True:
        try:
            if instance.beat() == "disable":
                print("disabled by an operator", file=sys.stderr)
        except urllib.error.HTTPError as error:
            print(f"the gateway refuses the heartbeat: {error.code} {error.read().decode()}", file=sys.stderr)
        except OSError as error:
            print(f"the gateway does not answer: {error}", file=sys.stderr)
        time.sleep(options.every)


if __name__ == "__main__":
    main()
