"""A small corpus written for the tests: invented providers, each document there for a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from index.port import SearchDocument


def _document(key: str, kind: str, date: str, title: str, body: str, **more: Any) -> SearchDocument:
    moment = datetime.fromisoformat(date).astimezone(UTC)
    day = more.pop("day", moment.date().isoformat())
    return SearchDocument(
        id=key, kind=kind, capture_id=f"c-{key}", title=title, body=body, date=moment, day=day, **more
    )


AURORA = {
    "places": ("101",),
    "place_names": ("Aurora, CO", "Adams County, CO", "Colorado"),
    "counties": ("08001",),
    "states": ("CO",),
}
WARWICK = {
    "places": ("102",),
    "place_names": ("Warwick, RI", "Kent County, RI", "Rhode Island"),
    "counties": ("44003",),
    "states": ("RI",),
}
GREENVILLE = {
    "places": ("103",),
    "place_names": ("Greenville, SC", "Greenville County, SC", "South Carolina"),
    "counties": ("45045",),
    "states": ("SC",),
}
NORTHLIGHT = {
    "companies": ("northlight",),
    "company_names": ("northlight", "Northlight Fiber", "Aurora Light"),
}
BLUECREST = {"companies": ("bluecrest",), "company_names": ("bluecrest", "Bluecrest Cable")}
PALMETTO = {"companies": ("palmetto",), "company_names": ("palmetto", "Palmetto Broadband")}
HARBOR = {"companies": ("harbor-mesh",), "company_names": ("harbor-mesh", "Harbor Mesh")}

DOCUMENTS = (
    _document(
        "build",
        "article",
        "2026-11-02T15:00+00:00",
        "Northlight Fiber starts work in Aurora",
        "Crews began building on Monday. The company will pass 12,000 homes by next summer, most of them in "
        "the old mill quarter.",
        topics=("expansion",),
        source_id="northlight-news",
        publisher="Northlight newsroom",
        story="build",
        **NORTHLIGHT,
        **AURORA,
    ),
    _document(
        "copy",
        "article",
        "2026-11-03T15:00+00:00",
        "Northlight Fiber starts work in Aurora, paper says",
        "The mill quarter comes first, the Colorado paper wrote of the plan.",
        topics=("expansion",),
        source_id="front-range-paper",
        publisher="The Front Range Paper",
        story="build",
        **NORTHLIGHT,
        **AURORA,
    ),
    _document(
        "raise",
        "article",
        "2026-11-05T12:00+00:00",
        "Bluecrest asks for more",
        "Bluecrest's customers will pay $64.99 a month from January. The university keeps its old rate for "
        "internet over coax.",
        topics=("pricing",),
        source_id="bluecrest-news",
        publisher="Bluecrest newsroom",
        states=("CO",),
        counties=("08031",),
        **BLUECREST,
    ),
    _document(
        "outage",
        "article",
        "2026-11-09T08:00+00:00",
        "Harbor cafés go dark",
        "A cut cable left the harbor offline for six hours. Harbor Mesh said sorry; organizations may ask "
        "for a credit.",
        topics=("outage",),
        source_id="ocean-paper",
        publisher="The Ocean Paper",
        **HARBOR,
        **WARWICK,
    ),
    _document(
        "merger",
        "article",
        # 22:30 on the 12th in New York: the local day differs from the UTC one.
        "2026-11-13T03:30+00:00",
        "Palmetto and Harbor agree on a merger",
        "The two will join next year, in a deal of $1.2 billion.",
        day="2026-11-12",
        topics=("m&a", "funding"),
        source_id="ocean-paper",
        publisher="The Ocean Paper",
        companies=("palmetto", "harbor-mesh"),
        company_names=("palmetto", "Palmetto Broadband", "harbor-mesh", "Harbor Mesh"),
        states=("SC", "RI"),
    ),
    _document(
        "chief",
        "article",
        "2026-10-12T00:00+00:00",
        "Palmetto Broadband names a chief",
        "In an emergency session one evening the board chose her. The job begins at once.",
        topics=("leadership",),
        source_id="palmetto-news",
        publisher="Palmetto newsroom",
        **PALMETTO,
        **GREENVILLE,
    ),
    _document(
        "trial",
        "article",
        "2026-10-20T10:00+00:00",
        "FTTH trial opens",
        "Homes near the pier test a multi-gig service, 24/7, for one dollar.",
        topics=("product",),
        source_id="harbor-news",
        publisher="Harbor newsroom",
        **HARBOR,
        **WARWICK,
    ),
    _document(
        "strasse",
        "article",
        "2026-09-30T10:00+00:00",
        "Straße ohne Netz: a naïve question",
        "Zoë Müller writes from the road, where O'Hara & Sons lay fibre to the home.",
        source_id="letters",
        publisher="Letters",
    ),
    _document(
        "markup",
        "article",
        "2026-09-15T10:00+00:00",
        "<script>alert(1)</script>",
        'Terms of <b>use</b> & sale. Call Q&A Telecom: (wild*card) OR "quoted" \\ slash/es.',
        source_id="letters",
        publisher="Letters",
    ),
    _document(
        "gig",
        "offer",
        "2026-11-01T06:00+00:00",
        "Northlight Fiber: Gig",
        "Northlight; residential; fiber; 1000 Mbps download (1 Gbps); $70.00 a month",
        segments=("residential",),
        technologies=("fiber",),
        price_cents=7000,
        down_mbps=1000.0,
        up_mbps=1000.0,
        source_id="northlight-plans",
        publisher="Northlight Fiber",
        **NORTHLIGHT,
        **AURORA,
    ),
    _document(
        "cable500",
        "offer",
        "2026-11-01T06:00+00:00",
        "Bluecrest Cable: Surf 500 (bundle with TV and phone)",
        "Bluecrest; residential; hfc; 500 Mbps download; $64.99 a month",
        segments=("residential",),
        bundled_with=("tv", "phone"),
        technologies=("hfc",),
        price_cents=6499,
        down_mbps=500.0,
        up_mbps=20.0,
        source_id="bluecrest-plans",
        publisher="Bluecrest Cable",
        **BLUECREST,
    ),
    _document(
        "wireless",
        "offer",
        "2026-11-01T06:00+00:00",
        "Harbor Mesh: Roof",
        "Harbor Mesh; residential; fixed wireless; 100 Mbps download; $29.99 a month",
        segments=("residential",),
        technologies=("fixed wireless",),
        price_cents=2999,
        down_mbps=100.0,
        up_mbps=10.0,
        source_id="harbor-plans",
        publisher="Harbor Mesh",
        **HARBOR,
        **WARWICK,
    ),
    _document(
        "quote",
        "offer",
        "2026-11-01T06:00+00:00",
        "Palmetto Broadband: Dedicated",
        "Palmetto; business; ethernet; price on request",
        segments=("business",),
        technologies=("ethernet",),
        source_id="palmetto-plans",
        publisher="Palmetto Broadband",
        **PALMETTO,
    ),
    _document(
        "fact-aurora",
        "expansion",
        "2026-11-02T15:00+00:00",
        "Northlight Fiber, construction: Aurora, CO",
        "The company will pass 12,000 homes by next summer",
        stage="construction",
        technologies=("fiber",),
        source_id="northlight-news",
        publisher="Northlight newsroom",
        record_id="build",
        story="build",
        **NORTHLIGHT,
        **AURORA,
    ),
    _document(
        "fact-greenville",
        "expansion",
        "2026-08-01T15:00+00:00",
        "Palmetto Broadband, announced: Greenville, SC",
        "Palmetto intends to serve 900 businesses",
        stage="announced",
        source_id="palmetto-news",
        publisher="Palmetto newsroom",
        record_id="old",
        **PALMETTO,
        **GREENVILLE,
    ),
)
