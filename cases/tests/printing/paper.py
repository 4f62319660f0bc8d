"""Reads a PDF back, as a reader of the paper or of the file would."""

import html
import io
import re
import subprocess

import pikepdf
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
        [(*(float(each) / MM for each in hit[:4]), html.unescape(hit[4])) for hit in word.findall(page)]
        for page in out.split("<page ")[1:]
    ]


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
