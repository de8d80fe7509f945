"""An archived page may be hostile; what is shown of it is words and structure only."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from crowsnest.web.snapshot import STYLE, snapshot

ALLOWED_TAGS = set(
    re.findall(
        r"\w+",
        """html head meta title style body mark p div section article header footer main aside nav h1 h2 h3 h4
        h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption blockquote pre code em strong b i u s
        strike del ins sup sub small br hr figure figcaption address q cite""",
    )
)
HOSTILE = [
    "<script>steal()</script>",
    "<img src=x onerror=steal()>",
    "<svg onload=steal()><script>steal()</script></svg>",
    "<math><mtext><img src=x onerror=steal()></mtext></math>",
    "<iframe src=http://evil.example></iframe>",
    "<iframe srcdoc='<script>steal()</script>'></iframe>",
    "<object data=http://evil.example></object><embed src=http://evil.example>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example/>",
    "<link rel=stylesheet href=http://evil.example/a.css><link rel=preconnect href=http://evil.example>",
    "<style>@import url(http://evil.example);</style>",
    "<form action=http://evil.example><input name=a autofocus onfocus=steal()><button>go</button></form>",
    "<a href=javascript:steal()>x</a><a href=http://evil.example ping=http://evil.example>y</a>",
    "<p style='background:url(http://evil.example)' onclick=steal()>x</p>",
    "<td background=http://evil.example colspan='2 onclick=steal()'>x</td>",
    "<template><script>steal()</script></template>",
    "<noscript><img src=x onerror=steal()></noscript>",
    "<video src=http://evil.example poster=http://evil.example></video>",
    "<!-- --!><script>steal()</script> -->",
    "<p>&lt;script&gt;steal()&lt;/script&gt;</p>",
    '<img alt="&quot;><script>steal()</script>" src=x>',
    "<xmp><script>steal()</script></xmp><plaintext><script>steal()",
    "</body></html><script>steal()</script>",
]


def _only_harmless(page: str) -> None:
    tree = lxml_html.document_fromstring(page)
    for element in tree.iter(lxml_html.etree.Element):
        assert element.tag in ALLOWED_TAGS
        for name, value in element.attrib.items():
            assert (element.tag, name) in {
                ("html", "lang"),
                ("meta", "charset"),
                ("mark", "id"),
                ("i", "class"),
                ("td", "colspan"),
                ("td", "rowspan"),
                ("th", "colspan"),
                ("th", "rowspan"),
            }
            assert re.fullmatch(r"[a-z0-9-]+", value)
        if element.tag == "style":
            assert element.text == STYLE


@pytest.mark.parametrize("page", HOSTILE)
def test_hostile_markup_is_taken_out(page: str) -> None:
    made = snapshot(f"<html><body>before{page}<p>after</p>".encode()).html
    _only_harmless(made)
    assert "before" in made


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "<b>", "</b>", "<", ">", '"', "'", "&#60;", "text", "<!--"]), max_size=8
    )
)
def test_mixed_hostile_markup_is_taken_out(parts: list[str]) -> None:
    _only_harmless(snapshot("".join(parts).encode()).html)


def _marks(page: str) -> list[str]:
    return re.findall(r"<mark[^>]*>(.*?)</mark>", page)


def test_quote_is_marked_where_it_stands() -> None:
    made = snapshot(b"<p>It passes 4,500 homes.</p>", quotes=["4,500 homes"])
    assert "<p>It passes <mark id=quote>4,500 homes</mark>.</p>" in made.html
    assert made.found == 1


def test_quote_over_several_elements_is_marked_in_pieces() -> None:
    made = snapshot(b"<div><b>Gig</b> <span>$<i>59</i></span>/mo</div>", quotes=["Gig $59/mo"])
    assert "".join(_marks(made.html)) == "Gig$59/mo"
    assert made.html.count("id=quote") == 1


def test_quote_does_not_join_two_blocks_without_a_blank() -> None:
    made = snapshot(b"<p>Gig</p><p>500</p>", quotes=["Gig 500"])
    assert _marks(made.html) == ["Gig", "500"]


def test_element_of_a_css_path_is_marked_whole() -> None:
    page = b"<div><p>$59</p></div><div><p>$59</p></div>"
    made = snapshot(page, paths=["html > body:nth-of-type(1) > div:nth-of-type(2) > p:nth-of-type(1)"])
    assert "<div><p>$59</p></div>" in made.html.replace("\n", "")
    assert _marks(made.html) == ["$59"]


@pytest.mark.parametrize("path", ["html > body:nth-of-type(2)", "html > p:nth-of-type(", "::before", "", "p"])
def test_path_that_is_no_selector_marks_nothing(path: str) -> None:
    assert _marks(snapshot(b"<p>x</p>", paths=[path]).html) == []


def test_quote_with_markup_in_it_is_text() -> None:
    made = snapshot(b"<p>a &lt;b&gt; c</p>", quotes=["<b>"])
    assert "a <mark id=quote>&lt;b&gt;</mark> c" in made.html


def test_missing_quote_is_counted_as_not_found() -> None:
    assert snapshot(b"<p>x</p>", quotes=["y", "x"]).found == 1


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\xff\xfe", b"plain words", b"<", b"<?xml version='1.0'?>"]
)
def test_what_is_no_page_does_not_fail(body: bytes) -> None:
    _only_harmless(snapshot(body, quotes=["words"]).html)


def test_declared_charset_is_used() -> None:
    body = "<p>café</p>".encode("latin-1")
    assert "café" in snapshot(b'<meta charset="iso-8859-1">' + body).html


def test_long_page_is_cut_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crowsnest.web.snapshot.MAX_CHARS", 100)
    made = snapshot(b"<p>" + b"word " * 100 + b"</p><p>end</p>").html
    assert "it is cut here" in made
    assert "end" not in made


def test_deep_page_does_not_fail() -> None:
    _only_harmless(snapshot(b"<div>" * 5000 + b"x").html)
