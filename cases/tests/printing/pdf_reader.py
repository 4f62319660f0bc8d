"""Reads a PDF back, as a reader of the paper or of the file would."""

import html
import io
import re
import subprocess

import pikepdf
import pypdfium2
from pypdf import PdfReader

MM = 72 / 25.4


def pages(data: bytes) -> list[str]:
    """The words of each page, spaces made single."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def words(data: bytes) -> str:
    return " ".join(pages(data))


def packed(text: str) -> str:
    """Without spaces: where a line breaks makes no difference."""
    return re.sub(r"\s+", "", text)


def boxes(data: bytes) -> list[list[tuple[float, float, float, float, str]]]:
    """For each page every word with its place in mm: left, top, right, bottom."""
    out = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    return [
        [
            (*(float(each) / MM for each in hit[:4]), html.unescape(hit[4]))
            for hit in word.findall(page)
        ]
        for page in out.split("<page ")[1:]
    ]


class Ink:
    """A page as it comes out of the printer: ``in_`` asks whether there is any ink in a rectangle
    (mm).
    """

    scale = 3  # points of the picture to a point of type: 0.12 mm each

    def __init__(self, data: bytes, page: int = 0):
        document = pypdfium2.PdfDocument(data)
        self.picture = document[page].render(scale=self.scale, grayscale=True).to_pil()
        self.width, self.height = (side / self.scale / MM for side in self.picture.size)

    def in_(self, left: float, top: float, right: float, bottom: float) -> bool:
        edges = (round(edge * MM * self.scale) for edge in (left, top, right, bottom))
        return self.picture.crop(tuple(edges)).getextrema()[0] < 250


def open_pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def fonts(data: bytes) -> dict[str, bool]:
    """The name of every font used, and whether its file is inside."""
    found = {}
    for page in open_pdf(data).pages:
        for font in page.Resources.get("/Font", {}).values():
            for part in font.get("/DescendantFonts", [font]):
                descriptor = part.get("/FontDescriptor")
                found[str(part.BaseFont)] = descriptor is not None and any(
                    key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
                )
    return found


def tags(data: bytes) -> list[str]:
    """The kinds of all elements of the tag tree, in the order in which they are read."""

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for each in element:
                yield from walk(each)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield str(element.S)
            yield from walk(element.get("/K", pikepdf.Array()))

    with open_pdf(data) as pdf:
        return list(walk(pdf.Root.StructTreeRoot.K))


def outline(data: bytes) -> list[str]:
    """The bookmarks, outer before inner."""

    def walk(items):
        for item in items:
            yield item.title
            yield from walk(item.children)

    with open_pdf(data) as pdf, pdf.open_outline() as found:
        return list(walk(found.root))


def closed_up(html: str) -> str:
    """HTML on one line, without white space beside its tags: however our templates are indented."""
    return re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", html))
