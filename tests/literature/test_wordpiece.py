"""Word pieces, held against the tokenizer that the model was published with."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from secondline.literature.wordpiece import CLS, SEP, UNKNOWN, are_known, pieces

VOCABULARY = files("secondline.literature").joinpath("minilm", "vocabulary.txt")
MOST = 64


@pytest.fixture(scope="module")
def published():
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(MOST)
    return lambda text: tokenizer.encode(text).ids


TEXTS = (
    "",
    "Relapsed neuroblastoma: response in 14/17 (82%)",
    "Straße, İstanbul, ΑΣ, naïve, Ａ１, ﬁ, ½, K",
    "再発した神経芽腫 and 漢字mixed",
    "한국어 한",
    "zero\u200bwidth soft\u00adhyphen no\u00a0break line\u2028end\x85next",
    "tab\tnew\nline\r\n nul\x00 bell\x07 \ufffd",
    "emoji 🎗️👩‍⚕️ and text",
    "$5 <b> a=b `x` ^ | ~ \\ _under_",
    "e\u0301 a\u0308\u0323 \u0301alone",
    "\u037e \u1fef \uf900",
    "x" * 100 + " " + "y" * 101,
    "word " * 200,
)


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_are_those_of_the_published_tokenizer(text, published):
    assert pieces(text, MOST) == published(text)


@given(st.text(st.sampled_from("abzéİßΣς漢字か한 \u0301\u200b\t\n\x00.,-–’!$<中ﬁ½🎗ж")))
def test_pieces_of_any_mixture_are_those_of_the_published_tokenizer(published, text):
    assert pieces(text, MOST) == published(text)


def test_a_very_long_text_is_read_from_its_beginning():
    ids = pieces("relapse " * 1_000_000, MOST)
    assert len(ids) == MOST
    assert (ids[0], ids[-1]) == (CLS, SEP)


def test_half_of_a_character_is_left_out():
    assert pieces("re\ud800lapse", MOST) == pieces("relapse", MOST)


def test_a_text_without_any_known_piece_is_recognised():
    assert pieces("🎗 👩", MOST) == [CLS, UNKNOWN, UNKNOWN, SEP]
    assert not are_known(pieces("🎗 👩", MOST))
    assert not are_known(pieces("", MOST))
    assert are_known(pieces("relapse 🎗", MOST))
