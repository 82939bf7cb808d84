"""A mail server on this computer for tests: takes mail, refuses what it is asked to, and prints what it took.

Started by postbox.rs. Prints "port <number>" first, then one line of JSON for each mail. With --down it holds its port
and refuses every connection until a line comes in, and answers that with "up". Ends when its input does, so that it never
outlives its test.

What a recipient's address begins with says what becomes of the mail: `refuse-<code>` is refused with that code,
`content-<code>` after its content was sent, `later-<n>` is put off n times, `drop` breaks the connection off after the
mail was taken. A sender that begins with `refuse-<code>` is refused, too.
"""

import argparse
import asyncio
import email
import email.policy
import json
import socket
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

WORDS = "in words of this server"


def code_of(address, begins):
    local = address.split("@")[0]
    return int(local[len(begins):].split("-")[0]) if local.startswith(begins) else None


class Postbox:
    def __init__(self):
        self.put_off = {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        code = code_of(address, "refuse-")
        if code:
            return f"{code} {WORDS}"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        code = code_of(address, "refuse-")
        if code:
            return f"{code} {WORDS}"
        times = code_of(address, "later-")
        tried = self.put_off.get(address, 0)
        if times is not None and tried < times:
            self.put_off[address] = tried + 1
            return f"451 {WORDS}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        code = code_of(envelope.rcpt_tos[0], "content-")
        if code:
            return f"{code} {WORDS}"
        print(json.dumps(described(server, session, envelope)), flush=True)
        if envelope.rcpt_tos[0].startswith("drop"):
            server.transport.abort()
        return "250 OK"


def described(server, session, envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    part = lambda kind: message.get_body(preferencelist=(kind,))
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "encrypted": server.transport.get_extra_info("ssl_object") is not None,
        "user": session.auth_data.login.decode() if session.auth_data else "",
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": part("plain").get_content(),
        "html": part("html").get_content(),
    }


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--down", action="store_true")
    parser.add_argument("--security", choices=["none", "start_tls", "tls"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    return parser.parse_args()


async def serve(asked):
    tls = None
    if asked.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(asked.certificate, asked.key)

    def authenticate(server, session, envelope, mechanism, data):
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (asked.user, asked.password), auth_data=data, handled=False)

    postbox = Postbox()
    starts = asked.security == "start_tls"

    def session():
        return SMTP(
            postbox,
            hostname="postbox.example",
            enable_SMTPUTF8=True,
            tls_context=tls if starts else None,
            require_starttls=starts,
            authenticator=authenticate if asked.user else None,
            auth_required=bool(asked.user),
            # Whoever has no accounts does not offer to sign in.
            auth_require_tls=starts or not asked.user,
        )

    loop = asyncio.get_running_loop()
    # Bound and not yet listening: the port is refused and nobody else gets it.
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print("port", bound.getsockname()[1], flush=True)
    if asked.down and not await loop.run_in_executor(None, sys.stdin.readline):
        return
    wrapping = tls if asked.security == "tls" else None
    await loop.create_server(session, sock=bound, ssl=wrapping)
    print("up", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(serve(options()))
