"""An OAuth 2 token server and an interface that wants its tokens, made of Authlib and Flask.

It writes its port as a line to standard output and ends when standard input is closed. The test steers it by
POST /control/revoke, POST /control/lifetime?seconds=N and GET /control/stats.
"""

import os
import sys
import threading
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


class Client(ClientMixin):
    def __init__(self, name, secret, method):
        self.client_id, self.secret, self.method = name, secret, method

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_client_secret(self, secret):
        return secret == self.secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_grant_type(self, grant_type):
        return grant_type in ("client_credentials", "password")


class Token(TokenMixin):
    def __init__(self, client, values):
        self.client, self.scope = client, values.get("scope", "")
        self.ends = time.time() + values["expires_in"]
        self.is_withdrawn = False

    def check_client(self, client):
        return client.client_id == self.client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return max(0, self.ends - time.time())

    def is_expired(self):
        return time.time() >= self.ends

    def is_revoked(self):
        return self.is_withdrawn

    def get_user(self):
        return None

    def get_client(self):
        return self.client


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class Password(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def authenticate_user(self, username, password):
        return object() if (username, password) == ("petugas", "kata sandi &=%+ é") else None


SECRET = "r:a%20 h&a=s+i/a é"
CLIENTS = {
    "formulir": Client("formulir", SECRET, "client_secret_post"),
    "dasar:1": Client("dasar:1", SECRET, "client_secret_basic"),
}

lock = threading.Lock()
tokens = {}
state = {"lifetime": 3600, "issued": 0, "asked": 0, "served": 0, "refused": 0}


def save(values, asked):
    with lock:
        state["issued"] += 1
        tokens[values["access_token"]] = Token(asked.client, values)


app = Flask(__name__)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"client_credentials": 3600, "password": 3600}
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save)
server.register_grant(ClientCredentials)
server.register_grant(Password)


class Validator(BearerTokenValidator):
    def authenticate_token(self, text):
        with lock:
            return tokens.get(text)


protect = ResourceProtector()
protect.register_token_validator(Validator())


def lifetime(client, grant_type):
    return state["lifetime"]


server._token_generators["default"].expires_generator = lifetime


@app.post("/token")
def token():
    with lock:
        state["asked"] += 1
    return server.create_token_response()


@app.post("/api")
@protect()
def api():
    with lock:
        state["served"] += 1
    return request.get_data()


@app.after_request
def count(response):
    if request.path == "/api" and response.status_code == 401:
        with lock:
            state["refused"] += 1
    return response


@app.post("/control/revoke")
def revoke():
    with lock:
        for known in tokens.values():
            known.is_withdrawn = True
    return jsonify({})


@app.post("/control/lifetime")
def change():
    state["lifetime"] = int(request.args["seconds"])
    return jsonify({})


@app.get("/control/stats")
def stats():
    with lock:
        return jsonify(state)


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


site = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
threading.Thread(target=site.serve_forever, daemon=True).start()
print(site.server_port, flush=True)
sys.stdin.read()
