"""Small PDF files for tests: words at places, in Helvetica."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def drawn(*pages: bytes, packed: bool = False) -> bytes:
    """Return a PDF of pages with these drawing instructions."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", FONT]
    kids = []
    for page in pages:
        data = zlib.compress(page) if packed else page
        kind = b" /Filter /FlateDecode" if packed else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), kind, data))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    )


def lines(rows: Sequence[Sequence[str]], xs: Sequence[int] = (50, 200, 320, 440)) -> bytes:
    """Return the instructions that write rows of cells at the columns `xs`, from the top of the page."""
    written = b"BT /F1 10 Tf\n"
    for number, row in enumerate(rows):
        for x, cell in zip(xs, row, strict=False):
            text = cell.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
            written += b"1 0 0 1 %d %d Tm (%s) Tj\n" % (x, 720 - 14 * number, text) if cell else b""
    return written + b"ET"
