"""A small web on loopback for tests of whole runs: one feed of articles, one plan page, one label file."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOWNS = ["Greenville", "Spartanburg", "Anderson", "Easley", "Greer", "Mauldin", "Simpsonville", "Clemson"]

ARTICLE = """<html><head><title>{title}</title>
<meta property="article:published_time" content="2026-11-1{day}T09:00:00Z"></head>
<body><article><h1>{title}</h1>
<p>{town}, S.C. - Bluewater Fiber said Tuesday that it will build a fiber network in {town}, South Carolina,
that reaches {homes} homes and businesses by the end of 2027.</p>
<p>The company plans to spend ${cost} million on the project, which begins this winter on the streets near the
old mill. Residents can ask for service once a neighborhood is finished, said a spokeswoman.</p>
<p>City council members welcomed the plan and said that crews would restore each yard they cross.</p>
</article></body></html>"""

PLANS = """<html><head><title>Bluewater Fiber business internet plans</title></head><body><h1>Plans</h1>
<div class="plans">
<div class="plan"><h3>Business 300</h3><p>300 Mbps</p><p class="price">$79.99/mo</p></div>
<div class="plan"><h3>Business 600</h3><p>600 Mbps</p><p class="price">$119.99/mo</p></div>
<div class="plan"><h3>Business Gig</h3><p>1000 Mbps</p><p class="price">$169.99/mo</p></div>
</div></body></html>"""

HEADER = (
    "unique_plan_id,provider_name,service_plan_name,tier_plan_name,connection_type,monthly_price,intro_rate,"
    "intro_rate_price,intro_rate_time,contract_req,contract_time,typical_download_speed,typical_upload_speed,"
    "typical_latency\n"
)
LABELS = (
    HEADER
    + """\
F0099999999BLUEWTERHOME300,Bluewater Fiber,Home 300,NULL,Fixed,55.00,No,NULL,NULL,No,NULL,310,305,9
F0099999999BLUEWTERHOME600,Bluewater Fiber,Home 600,NULL,Fixed,75.00,No,NULL,NULL,No,NULL,615,610,9
"""
)


def pages() -> dict[str, tuple[str, str]]:
    """Return path -> (media type, text) of the whole web."""
    found = {"/robots.txt": ("text/plain", "User-agent: *\nAllow: /\n")}
    items = []
    for number, town in enumerate(TOWNS):
        title = f"Bluewater Fiber to reach {town} with a fiber network"
        path = f"/news/{town.lower()}"
        html = ARTICLE.format(title=title, town=town, day=number, homes=f"{4 + number},500", cost=7 + number)
        found[path] = ("text/html; charset=utf-8", html)
        date = f"1{number} Nov 2026 09:00:00 GMT"
        items.append(f"<item><title>{title}</title><link>{path}</link><pubDate>{date}</pubDate></item>")
    rss = f'<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'
    found["/feed.xml"] = ("application/rss+xml", rss)
    found["/plans"] = ("text/html; charset=utf-8", PLANS)
    found["/labels.csv"] = ("text/csv", LABELS)
    return found


@contextmanager
def small_web(delay: float = 0.0, asked: list[str] | None = None) -> Iterator[str]:
    """Serve the web on a free port of 127.0.0.1 and yield its base URL; `asked` collects the paths."""
    web = pages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            time.sleep(delay)
            media, text = web.get(self.path, ("", ""))
            body, tag = text.encode(), f'"{len(text)}-{hash(text) & 0xFFFF:x}"'
            fresh = self.headers.get("If-None-Match") == tag
            self.send_response(404 if not media else 304 if fresh else 200)
            self.send_header("ETag", tag)
            if media and not fresh:
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            else:
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def settings_for(folder: Path, base: str) -> Path:
    """Write a market.toml for the small web into `folder` and return its path."""
    path = folder / "market.toml"
    path.write_text(
        f"""[market]
name = "Upstate"
own_company = "charter"
data = "data"

[[territory]]
id = "upstate"
counties = ["Greenville County, SC", "Spartanburg County, SC", "Anderson County, SC"]

[[competitor]]
id = "bluewater"
name = "Bluewater Fiber"
aliases = ["Bluewater Fiber", "Bluewater"]

[[source]]
id = "news"
kind = "feed"
url = "{base}/feed.xml"
company = "bluewater"
publisher = "Bluewater newsroom"

[[source]]
id = "plans"
kind = "page"
url = "{base}/plans"
company = "bluewater"
options = {{ segment = "business", market = ["Greenville County, SC"] }}

[[source]]
id = "labels"
kind = "labels"
url = "{base}/labels.csv"
company = "bluewater"
options = {{ segment = "residential" }}

[[subscriber]]
id = "leader"
name = "Leader"
email = "leader@example.com"
territories = ["upstate"]
""",
        encoding="utf-8",
    )
    return path
