"""What only the Elasticsearch engine has to promise: keys, certificates, a server that is busy or away."""

from __future__ import annotations

import datetime as dt
import http.client
import ipaddress
import json
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from index.elastic import ElasticEngine
from index.port import SearchEngine
from index.query import Everything
from market.errors import UnavailableError
from tests.index.conftest import Maker, fill
from tests.index.corpus import DOCUMENTS
from tests.index.http_server import Asked, serving


def _json(status: int, value: object) -> tuple[int, dict[str, str], bytes]:
    headers = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
    return status, headers, json.dumps(value).encode()


def test_a_server_that_is_away_is_named() -> None:
    engine = ElasticEngine("http://127.0.0.1:9", attempts=2, timeout=2)
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:9 is not available") as raised:
        engine.search(Everything())
    assert raised.value.code == "search-unavailable"


def test_a_busy_server_is_asked_again() -> None:
    answers = iter([(503, {}), (429, {}), (200, {"count": 7})])
    with serving(lambda _: _json(*next(answers))) as url:
        assert ElasticEngine(url).count() == 7


def test_a_server_that_stays_busy_is_given_up() -> None:
    with serving(lambda _: _json(429, {})) as url, pytest.raises(UnavailableError):
        ElasticEngine(url, attempts=2).count()


def test_a_refused_key_is_named_and_not_tried_again() -> None:
    asked: list[str] = []

    def answer(question: Asked) -> tuple[int, dict[str, str], bytes]:
        asked.append(question.path)
        return _json(401, {})

    with serving(answer) as url, pytest.raises(UnavailableError, match="api_key"):
        ElasticEngine(url, api_key="wrong").count()
    assert len(asked) == 1


def test_an_index_that_is_not_there_is_named() -> None:
    with serving(lambda _: _json(404, {"error": {"type": "index_not_found_exception"}})) as url:
        engine = ElasticEngine(url)
        assert engine.generation() is None
        for ask in (engine.count, lambda: engine.search(Everything())):
            with pytest.raises(UnavailableError) as raised:
                ask()
            assert raised.value.code == "index-missing"


def test_a_server_that_is_no_elasticsearch_is_named() -> None:
    page = (200, {"Content-Type": "text/html"}, b"<html>hello</html>")
    with serving(lambda _: page) as url, pytest.raises(UnavailableError, match="no Elasticsearch"):
        ElasticEngine(url, attempts=1).count()


def test_a_url_that_is_none_is_named() -> None:
    with pytest.raises(UnavailableError, match=r"\[search\] url"):
        ElasticEngine("not a url")


def test_one_refused_document_does_not_stop_the_others(make_engine: Maker) -> None:
    engine: SearchEngine = make_engine()
    bad = DOCUMENTS[1].model_copy(update={"down_mbps": 1e30})
    with engine.rebuild() as (_, writer):
        (failure,) = writer.put([DOCUMENTS[0], bad, DOCUMENTS[2]])
    assert failure.id == bad.id
    assert failure.reason
    assert engine.count() == 2


def _certificates(folder: Path) -> tuple[Path, Path]:
    """Write a certificate authority, and a chain with key that it signed for 127.0.0.1."""
    now = dt.datetime.now(dt.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("test authority", "server")
    ]

    def certificate(subject: int, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[subject])
            .issuer_name(names[0])
            .public_key(keys[subject].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(keys[subject].public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False
            )
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(keys[0], hashes.SHA256())

    authority = certificate(0, x509.BasicConstraints(ca=True, path_length=None))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = certificate(1, address)
    pem = serialization.Encoding.PEM
    key = keys[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    (folder / "server.pem").write_bytes(key + leaf.public_bytes(pem))
    return folder / "ca.pem", folder / "server.pem"


@pytest.mark.elasticsearch
def test_the_api_key_and_the_authority_of_the_settings_are_used(
    tmp_path: Path, elasticsearch_url: str
) -> None:
    authority, chain = _certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    behind = elasticsearch_url.removeprefix("http://")
    refused: list[str] = []

    def forward(question: Asked) -> tuple[int, dict[str, str], bytes]:
        if question.headers.get("Authorization", question.headers.get("authorization")) != "ApiKey c2VjcmV0":
            refused.append(question.path)
            return _json(401, {})
        connection = http.client.HTTPConnection(behind)
        kept = {k: v for k, v in question.headers.items() if k.lower() in ("accept", "content-type")}
        connection.request(question.method, question.path, question.body, kept)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        told = ("content-type", "x-elastic-product")
        return answer.status, {k: v for k, v in answer.getheaders() if k.lower() in told}, data

    with serving(forward, context) as url:
        engine = ElasticEngine(url, alias="secured", api_key="c2VjcmV0", ca_certs=str(authority))
        fill(engine)
        assert engine.count() == len(DOCUMENTS)
        assert refused == []
        with pytest.raises(UnavailableError, match="api_key"):
            ElasticEngine(url, alias="secured", api_key="b3RoZXI=", ca_certs=str(authority)).count()
        with pytest.raises(UnavailableError, match=r"TLS.*check \[search\] ca"):
            ElasticEngine(url, alias="secured", api_key="c2VjcmV0", attempts=1).count()
        engine.close()
