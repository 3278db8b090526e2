"""An OAuth 1.0a provider (PyPI oauthlib and flask) on a free port of loopback. It remembers everything in memory, says yes to
every user, and checks every signature. Prints its origin."""

import secrets

from flask import Flask, request
from oauthlib.oauth1 import RequestValidator, WebApplicationServer
from werkzeug.serving import make_server

# oauthlib decodes parameters in a query or form twice, which spoils a PLAINTEXT signature of a secret with signs in it.
CONSUMERS = {"ckey0123456789abcdefg": "csecret+0123/4567 89&", "plain0123456789abcdef": "csecret0123456789abcdef"}
LETTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Memory(RequestValidator):
    enforce_ssl = False
    allowed_signature_methods = ("HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT")
    client_key_length = nonce_length = request_token_length = access_token_length = verifier_length = (6, 60)
    safe_characters = LETTERS
    timestamp_lifetime = 300
    dummy_client = dummy_request_token = dummy_access_token = "dummy0000000"

    def __init__(self):
        super().__init__()
        self.temporary, self.granted, self.verifiers, self.seen = {}, {}, {}, set()

    def validate_client_key(self, key, request):
        return key in CONSUMERS

    def get_client_secret(self, key, request):
        return CONSUMERS.get(key, "no such consumer")

    def validate_timestamp_and_nonce(self, key, timestamp, nonce, request, request_token=None, access_token=None):
        once = (key, timestamp, nonce, request_token, access_token)
        fresh = once not in self.seen
        self.seen.add(once)
        return fresh

    def save_request_token(self, token, request):
        self.temporary[token["oauth_token"]] = (token["oauth_token_secret"], request.redirect_uri)

    def get_request_token_secret(self, key, token, request):
        return self.temporary.get(token, ("no such token",))[0]

    def validate_request_token(self, key, token, request):
        return token in self.temporary

    verify_request_token = lambda self, token, request: token in self.temporary
    get_redirect_uri = lambda self, token, request: self.temporary[token][1]
    validate_redirect_uri = lambda self, key, uri, request: True
    validate_requested_realms = validate_realms = verify_realms = lambda self, *arguments, **named: True
    get_default_realms = get_realms = lambda self, *arguments: []

    def save_verifier(self, token, verifier, request):
        self.verifiers[token] = verifier["oauth_verifier"]

    def validate_verifier(self, key, token, verifier, request):
        return secrets.compare_digest(self.verifiers.get(token, ""), verifier)

    def invalidate_request_token(self, key, token, request):
        self.temporary.pop(token, None)

    def save_access_token(self, token, request):
        self.granted[token["oauth_token"]] = token["oauth_token_secret"]

    def validate_access_token(self, key, token, request):
        return token in self.granted

    def get_access_token_secret(self, key, token, request):
        return self.granted.get(token, "no such token")


provider = WebApplicationServer(Memory())
app = Flask(__name__)


def received():
    """The request as it came: the address is not decoded, and only a form counts as a body."""
    target = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI")
    form = request.mimetype == "application/x-www-form-urlencoded"
    body = request.get_data(as_text=True) if form else None
    return request.host_url.rstrip("/") + target, request.method, body, dict(request.headers)


def told(answer):
    headers, body, status = answer
    return body or "", status, headers


@app.post("/initiate")
def initiate():
    return told(provider.create_request_token_response(*received()))


@app.get("/authorize")
def authorize():
    return told(provider.create_authorization_response(*received(), realms=[]))


@app.post("/token")
def token():
    return told(provider.create_access_token_response(*received()))


@app.route("/protected", methods=["GET", "POST"])
def protected():
    good, _ = provider.validate_protected_resource_request(*received())
    return ({"ok": True}, 200) if good else ({"ok": False}, 401)


server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
