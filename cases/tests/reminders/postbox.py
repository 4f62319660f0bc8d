"""A mail server on loopback that can refuse: small, but spoken to over a real socket."""

import email
import email.policy
import socketserver
import threading


class Postbox(socketserver.ThreadingTCPServer):
    """Keeps what it accepts in ``mails``. ``mood``: "well", "busy" (turns callers away) or "refuse"."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood = "well"
        self.mails = []
        self.port = self.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.shutdown()
        self.thread.join()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        if self.server.mood == "busy":
            self.say("421 try again later")
            return
        self.say("220 postbox")
        while line := self.rfile.readline():
            word = line.split(b":")[0].split()[0].upper()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"RCPT" and self.server.mood == "refuse":
                self.say("550 anna@school.example is unknown here")
            elif word == b"DATA":
                self.say("354 go on")
                self.keep()
                self.say("250 kept")
            else:
                self.say("250 fine")

    def keep(self):
        content = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
        self.server.mails.append(email.message_from_bytes(content, policy=email.policy.default))
