"""A mail server on loopback that can refuse, hang and break off: small, but spoken to over a real
socket.
"""

import contextlib
import email
import email.policy
import socketserver
import threading
import time
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """A mail that was taken: its Message-ID, its person, and whether our yes was said."""

    id: str
    to: str
    answered: bool


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it accepts in ``mails``, and what is counted of it in ``log``.

    ``mood``: "well", "busy" (turns callers away, 421), "refuse" (550 to a recipient), "hang" (never
    says a word), "half" (451 to every second recipient), "deaf" (takes every second mail and breaks
    off before its yes), "mute" (takes every second mail and never says so). ``before_yes`` is
    called with the number of mails taken, before each yes; ``pause`` is how many seconds each mail
    takes.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood = "well"
        self.pause = 0
        self.mails = []
        self.log: list[Kept] = []
        self.before_yes = lambda _number: None
        self.asked = 0
        self.connections = 0
        self.closing = threading.Event()
        self.port = self.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.closing.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def people(self) -> Counter:
        """How many mails each person got, second copies not counted."""
        return Counter(to for _id, to in {(each.id, each.to) for each in list(self.log)})

    def second_copies(self) -> Counter:
        """Message-ID → how many copies more than one were taken."""
        return Counter(
            {id: n - 1 for id, n in Counter(each.id for each in list(self.log)).items() if n > 1}
        )

    def every_second(self) -> bool:
        self.asked += 1
        return self.asked % 2 == 0


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.server.connections += 1
        # the other side was killed in the middle of a word
        with contextlib.suppress(ConnectionError):
            self.talk()

    def talk(self):
        if self.server.mood == "hang":
            self.server.closing.wait(30)
            return
        if self.server.mood == "busy":
            self.say("421 try again later")
            return
        self.say("220 mail server")
        while line := self.rfile.readline():
            word = line.split(b":")[0].split()[0].upper()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"RCPT" and not self.welcome():
                continue
            if word == b"DATA":
                self.say("354 go on")
                if not self.keep():
                    return
                self.say("250 kept")
            else:
                self.say("250 fine")

    def welcome(self):
        if self.server.mood == "refuse":
            self.say("550 anna@school.example is unknown here")
            return False
        if self.server.mood == "half" and self.server.every_second():
            self.say("451 not now")
            return False
        return True

    def keep(self):
        """Take a mail; False when the conversation ends without a yes."""
        content = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # broken off in the middle: this is no mail
            content += line[1:] if line.startswith(b"..") else line
        server = self.server
        lost = server.mood in ("deaf", "mute") and server.every_second()
        message = email.message_from_bytes(content, policy=email.policy.default)
        server.mails.append(message)
        server.log.append(Kept(str(message["Message-ID"]), str(message["To"]), not lost))
        if server.pause:
            time.sleep(server.pause)
        server.before_yes(len(server.log))
        if lost and server.mood == "mute":
            server.closing.wait(30)
        return not lost
