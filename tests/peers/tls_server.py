"""hypercorn and aiosmtpd (PyPI) on free ports of loopback, with certificates of an authority made for this run.

Prints one line of JSON: the origins, and the file with the authority's certificate. `/` tells the version of HTTP and the
headers of a request, `/mails` what the mail servers took.
"""

import asyncio
import json
import os
import socket
import ssl
import sys

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypercorn.asyncio import serve
from hypercorn.config import Config

MAILS = []


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["path"] == "/mails":
        answer = MAILS
    else:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = {"version": scope["http_version"], "headers": headers, "bytes": len(body)}
    text = json.dumps(answer).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": text})


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        MAILS.append({"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": envelope.content.decode()})
        return "250 kept"


def sign_in(server, session, envelope, mechanism, pair):
    return AuthResult(success=(pair.login, pair.password) == (b"ada", b"hunter2-secret"), handled=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


authority = trustme.CA()
issued = authority.issue_cert("localhost")
secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
issued.configure_cert(secure)
issued.private_key_pem.write_to_path("key.pem")
for part in issued.cert_chain_pems:
    part.write_to_path("cert.pem", append=True)
authority.cert_pem.write_to_path("authority.pem")


def web(protocols):
    config = Config()
    config.certfile, config.keyfile = "cert.pem", "key.pem"
    config.alpn_protocols = protocols
    config.bind = [f"127.0.0.1:{free_port()}"]
    config.errorlog = None
    return config


modern, old = web(["h2", "http/1.1"]), web(["http/1.1"])


def mail(port, **how):
    keeper = Controller(
        Keeper(), hostname="127.0.0.1", port=port, authenticator=sign_in, auth_required=True, server_hostname="localhost", **how
    )
    keeper.start()
    return keeper


wrapped = free_port()
kept = [mail(wrapped, ssl_context=secure, auth_require_tls=False)]
try:
    # The port on which TLS begins with a command is a fixed one, and not everybody may take it.
    kept.append(mail(587, tls_context=secure, require_starttls=True))
except OSError as error:
    print(f"no port 587: {error}", file=sys.stderr)


def origin(config):
    return f"https://localhost:{config.bind[0].rsplit(':', 1)[1]}"


told = {
    "modern": origin(modern),
    "old": origin(old),
    "mail": [f"smtps://localhost:{server.port}" for server in kept],
    "authority": os.path.abspath("authority.pem"),
}


async def main():
    # Without a trigger of its own hypercorn takes over the signals, and a signal would end half of this process only.
    ever = asyncio.Event()
    servers = [asyncio.ensure_future(serve(app, config, shutdown_trigger=ever.wait)) for config in (modern, old)]
    for config in (modern, old):
        port = int(config.bind[0].rsplit(":", 1)[1])
        while True:
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.05)
    print(json.dumps(told), flush=True)
    await asyncio.gather(*servers)


asyncio.run(main())
