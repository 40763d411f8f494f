"""What somebody sends who means no good, or whose program is broken: a clear page, nothing leaked."""

import json
import re
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from visitor import value_of

FORM = {"content-type": "application/x-www-form-urlencoded"}
HOSTILE = (
    "<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{ 7*7 }}{% raise %}",
    "${7*7} #{7*7} <%= 7*7 %>", "relapse\r\nSet-Cookie: a=b", "re\0lapse", "\u202egnp.exe\u2066",
    "' OR 1=1 --", "../../etc/passwd", "%00%0d%0a", "\ufffe\uffff", "a" * 100_000, "\U0010ffff",
    "𝖗𝖊𝖑𝖆𝖕𝖘𝖊", "\u0301" * 500, "?", "??pending", "1e400", "-0", "NaN", "[[[[", '{"a":', "9" * 400,
)  # fmt: skip
LEAKS = ("Traceback", "site-packages", "/src/", "jinja2", "starlette", ".py")
CONVERSATION = {"disease": "rhabdomyosarcoma", "question": "x", "terms": [], "facts": []}


def is_clear(page):
    """Hold a page against what every page must be: ours, whole, and without what was typed in."""
    assert page.status_code in {200, 400, 403, 404, 413, 415, 422}
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.count("<h1") == 1 and page.text.rstrip().endswith("</html>")
    assert "set-cookie" not in page.headers or "a=b" not in page.headers["set-cookie"]
    assert not any(leak in page.text for leak in LEAKS)
    assert not re.search(r"<script(?![^>]* src=\"/static/)|<img|onerror=alert\(1\)>", page.text)
    return True


@pytest.fixture(scope="module")
def send(visitor):
    """Send fields as they are, with a good token; forms of thousands are one request each."""
    token = value_of(visitor.get("/").text, "token")

    def sent(address, pairs):
        body = urlencode([("token", token), *pairs], encoding="utf-8", errors="surrogatepass")
        return visitor.client.post(address, content=body.encode("ascii"), headers=FORM)

    return sent


def fields_of(page):
    """Return the names of the fields of all forms of a page."""
    names = set(re.findall(r'<(?:input|textarea|select|button)[^>]*\sname="([^"]+)"', page.text))
    return sorted(names - {"token"})


@pytest.fixture(scope="module")
def forms(visitor):
    """Every page with forms: its address, and the names of the fields on it."""
    pages = (
        ("/", visitor.get("/")),
        ("/", visitor.post("/", question="8-year-old, marrow relapse of ALL after 20 months")),
        ("/assess", visitor.post("/assess", fact__disease="rhabdomyosarcoma")),
        ("/what-if", visitor.post("/what-if", fact__disease="rhabdomyosarcoma")),
        ("/evidence", visitor.get("/evidence")),
        ("/audit", visitor.get("/audit")),
    )
    return [(address, fields_of(page)) for address, page in pages]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_all_fields_of_a_form_may_hold_hostile_text(forms, send, text):
    for address, names in forms:
        assert is_clear(send(address, [(name, text) for name in names]))


def test_each_field_may_hold_hostile_text_among_sound_ones(forms, send):
    sound = [("fact.disease", "rhabdomyosarcoma"), ("question", "relapsed rhabdomyosarcoma")]
    texts = cycle(HOSTILE)
    for address, names in forms:
        one_of_each_sort = {re.sub(r"^(fact|answer)\..*?(\.list)?$", r"\1\2", n): n for n in names}
        for name in one_of_each_sort.values():
            others = [pair for pair in sound if pair[0] != name]
            for text in islice(texts, 3):
                assert is_clear(send(address, [(name, text), *others]))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    address=st.sampled_from(["/", "/assess", "/what-if", "/evidence", "/audit"]),
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                ["question", "reader", "again", "conversation", "listed", "fact.disease", "text",
                 "fact.age_years", "fact.prior_therapies", "fact.prior_therapies.list", "answer.",
                 "answer.histology", "fact.histology", "words", "disease", "view", "page", "token"]
            ) | st.text(max_size=8),
            st.sampled_from(
                ["rhabdomyosarcoma", "family", "reader", "corrected", "?pending", "8 to 9", "whole",
                 json.dumps(CONVERSATION), "findings", "age_years"]
            ) | st.text(max_size=40),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_any_form_gets_a_clear_page(send, address, pairs):
    assert is_clear(send(address, pairs))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=200))
def test_any_bytes_get_a_clear_page(visitor, body):
    assert is_clear(visitor.client.post("/", content=body, headers=FORM))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["disease", "question", "terms", "facts", "name", "value", "words"]),
            inner, max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_conversation_gets_a_clear_page(send, told):
    pairs = [("question", "and survival?"), ("conversation", json.dumps(told))]
    assert is_clear(send("/", pairs))


@pytest.mark.parametrize(
    "query",
    [
        "statement=%ff%fe", "statement=%", "statement=%zz", "statement[]=a", "statement=" + "a" * 9000,
        "&&&&", "statement=rms-chisholm-cured&statement=%00", "view=findings&page=-1", "page=٣",
        "view=findings&page=1e9", "disease=<script>", "disease=a&disease=b", "view=sources&view=x",
    ],
)  # fmt: skip
def test_any_address_gets_a_clear_page(visitor, query):
    for path in ("/findings", "/evidence"):
        assert is_clear(visitor.get(f"{path}?{query}"))


@pytest.mark.parametrize(
    "path", ["/source/%ff", "/source/%00", "/pathways/%2e%2e%2f", "/%", "/nowhere" + "/" * 50]
)
def test_any_path_gets_a_clear_page(visitor, path):
    assert is_clear(visitor.get(path))


def test_duplicate_fields_count_once(visitor, send):
    page = send("/assess", [("fact.disease", "rhabdomyosarcoma"), ("fact.disease", "<b>")] * 2)
    assert page.status_code == 200


def test_unknown_facts_are_left_alone(send):
    page = send("/assess", [("fact.disease", "rhabdomyosarcoma"), ("fact.SECRET", "SECRET")])
    assert page.status_code == 200 and "SECRET" not in page.text


def test_thousands_of_fields_are_refused(send):
    assert send("/assess", [(f"fact.x{n}", "1") for n in range(5_000)]).status_code == 413


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "x" * 300]
)
def test_a_body_of_another_type_is_refused(visitor, kind):
    page = visitor.client.post("/", content=b"question=relapse", headers={"content-type": kind})
    assert page.status_code == 415 and is_clear(page)


@pytest.mark.parametrize(
    "host", ["", "elsewhere.example", "127.0.0.1.elsewhere.example", "127.0.0.1@elsewhere.example",
             "localhost.", "[::2]", "[", "127.0.0.1:8000:1", "2130706433", "\tlocalhost"],
)  # fmt: skip
def test_another_host_is_not_answered(visitor, host):
    page = visitor.get("/", headers={"host": host})
    assert page.status_code in {200, 421}
    if host not in {"127.0.0.1:8000:1", "\tlocalhost"}:
        assert page.status_code == 421
    assert "elsewhere" not in page.text


def test_a_refusal_repeats_nothing_that_was_sent(visitor, send):
    for page in (
        send("/assess", [("fact.disease", "SECRET")]),
        send("/", [("question", "x"), ("reader", "SECRET")]),
        send("/", [("question", "x"), ("conversation", '{"SECRET": 1}')]),
        visitor.client.post("/", content=b"question=SECRET", headers=FORM),
        visitor.client.post("/?SECRET", content=b"SECRET%ff", headers=FORM),
        visitor.get("/SECRET"), visitor.get("/findings?statement=SECRET"),
        visitor.get("/source/SECRET"), visitor.get("/export/SECRET"),
    ):  # fmt: skip
        assert page.status_code >= 400
        assert "SECRET" not in page.text and "SECRET" not in str(page.headers)
