"""A person at a browser, and what they do there again and again."""

import re

PASSWORD = "samen-steen-voor-steen"
NAMED = re.compile(r"/cases/([0-9a-f-]{36})/")


class Person:
    """Somebody with a browser of their own. ``wrong`` collects what no page may do."""

    def __init__(self, name, context, strict=True):
        self.name, self.context, self.strict = name, context, strict
        self.wrong = []
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("console", self._console)
        context.on("response", self._response)
        self.page = context.new_page()

    def _console(self, message):
        # "Failed to load" also goes with a form that comes back with a remark (422); see _response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def _response(self, response):
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.wrong.append(f"{response.status}: {response.url}")

    def sign_in(self, page=None):
        page = page or self.page
        if "/account/sign-in/" not in page.url:
            page.goto("/account/sign-in/")
        page.fill("input[name=login]", f"{self.name}@dekei.example")
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button")
        page.wait_for_url(lambda url: "/account/sign-in/" not in url)
        return self

    def go(self, path):
        """Open an address; the answer of the server."""
        return self.page.goto(path)

    def press(self, go, form=""):
        """Press the button that goes somewhere, and wait for where it leads."""
        with self.page.expect_navigation():
            self.page.click(f"{form} button[name=go][value={go}]".strip())

    def choose(self, name, value):
        """Choose a radio or tick a box by its name and value, as somebody who presses its words."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)

    def tick(self, name):
        self.page.locator(f'input[type=checkbox][name="{name}"]').check(force=True)

    def fill(self, name, text):
        self.page.locator(f'[name="{name}"]').fill(text)

    def first_good_day(self, name="plan"):
        """Choose the first day that the little calendar calls good; returns it."""
        good = self.page.locator(f'.st-days label.fits input[name="{name}"]')
        any_day = self.page.locator(f'.st-days input[name="{name}"]')
        day = (good if good.count() else any_day).first
        day.check(force=True)
        return day.get_attribute("value")

    def saved(self):
        """Wait until the page says that it has saved what was typed."""
        self.page.wait_for_selector("[data-save-state] time[data-time]")

    @property
    def case_id(self):
        return NAMED.search(self.page.url)[1]

    def text_of(self, response_path):
        """The text of a PDF that this person may open."""
        import io

        from pypdf import PdfReader

        answer = self.context.request.get(response_path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        reader = PdfReader(io.BytesIO(answer.body()))
        return reader, "\n".join(page.extract_text() for page in reader.pages)
