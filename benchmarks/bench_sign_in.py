"""Guessing passwords: how many of so many guesses are tried at all, and who comes in meanwhile.

    python benchmarks/bench_sign_in.py [--guesses 60]

Starts the application with the demo school and one proxy in front (STEENTJE_PROXIES=1), so that the
address of a caller is what the proxy writes, and guesses the password of teachers over HTTP. A
school signs in from one address; each teacher's known browser is one in which they signed in before
the guesses began.
"""

import argparse
import http.client
import re
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

from common import PASSWORD, machine, report, scratch, serving, table

SCHOOL, PATH, AT_ONCE = "192.0.2.10", "/account/sign-in/", 16
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TRIED, REFUSED, IN = 200, 429, 302


class Browser:
    """As much of a browser as signing in takes."""

    def __init__(self, port, address=SCHOOL):
        self.port, self.address, self.cookies = port, address, SimpleCookie()

    def ask(self, method, data=None, host=None, path=PATH):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Host": host or f"127.0.0.1:{self.port}",
            "X-Forwarded-For": f"10.1.2.3, {self.address}",
            "Cookie": "; ".join(f"{each.key}={each.value}" for each in self.cookies.values()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, urllib.parse.urlencode(data or {}), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        connection.close()
        return answer.status, body

    def sign_in(self, name, password=PASSWORD, host=None):
        """The status of the answer, and the seconds that signing in took."""
        began = time.monotonic()
        token = TOKEN.search(self.ask("GET")[1])[1]
        data = {
            "login": f"{name}@dekei.example",
            "password": password,
            "csrfmiddlewaretoken": token,
        }
        status = self.ask("POST", data, host)[0]
        return status, time.monotonic() - began

    def sign_out(self):
        self.cookies.pop("sessionid", None)  # as when the browser was closed
        return self


def attack(port, name, guesses, at_once=1, addresses=1, hosts=1, where=SCHOOL):
    """The statuses of so many wrong passwords."""

    def guess(number):
        address = where if addresses == 1 else f"203.0.113.{number % addresses}"
        host = f"host{number % hosts}.example:{8000 + number % hosts}" if hosts > 1 else None
        return Browser(port, address).sign_in(name, f"wrong {number}", host)[0]

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(guess, range(guesses)))


def measure(port, guesses):
    known = {name: Browser(port) for name in ("anna", "youssef", "petra")}
    for name, browser in known.items():
        assert browser.sign_in(name)[0] == IN
        browser.sign_out()
    kinds = [
        (
            f"{guesses} Host headers, one address elsewhere",
            "anna",
            {"hosts": guesses, "where": "198.51.100.7"},
        ),
        (
            f"{guesses} addresses, {AT_ONCE} at once",
            "youssef",
            {"addresses": guesses, "at_once": AT_ONCE},
        ),
        (f"the school's own address, {AT_ONCE} at once", "petra", {"at_once": AT_ONCE}),
    ]
    rows = []
    for what, name, how in kinds:
        with ThreadPoolExecutor(1) as pool:
            going = pool.submit(attack, port, name, guesses, **how)
            time.sleep(1)
            status, seconds = known[name].sign_in(name)
            statuses = going.result()
        others = next(each for each in known if each != name)
        anew, colleague = Browser(port).sign_in(name), Browser(port).sign_in(others)
        rows.append(
            [
                what,
                statuses.count(TRIED),
                statuses.count(REFUSED),
                *(
                    f"{said(each)}, {taken:.1f} s"
                    for each, taken in ((status, seconds), anew, colleague)
                ),
            ]
        )
        known[name].sign_out()
    return rows


def said(status) -> str:
    return {IN: "in", REFUSED: "waits", TRIED: "wrong"}.get(status, str(status))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--guesses", type=int, default=60)
    chosen = options.parse_args()
    with scratch() as (folder, env):
        env |= {"STEENTJE_PROXIES": "1", "STEENTJE_HOSTS": "*"}
        with serving(env, folder / "log") as address:
            rows = measure(int(address.rpartition(":")[2]), chosen.guesses)
    head = [
        f"{chosen.guesses} wrong passwords",
        "tried",
        "refused",
        "known browser",
        "new browser at school",
    ]
    report("sign_in", f"{machine()}\n\n" + table([*head, "colleague, new browser"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
