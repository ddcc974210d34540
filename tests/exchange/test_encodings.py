"""Encodings are told apart by what they read as; what is not sure is told with a line to look at."""

from __future__ import annotations

import codecs
import io
import os
from contextlib import suppress
from random import Random

import pytest

from tuicrm.errors import Refused
from tuicrm.exchange.encodings import CHOICES, Encoding, codec_of, find_encoding

RUSSIAN = "Название;Сумма;Компания\r\nПоставка станков;1500,50;Ромашка\r\nРемонт кровли;2300,00;Василёк\r\n"
POLISH = "Nazwa;Miasto\nŁódzka Spółka Jawna;Łódź\nZażółć gęślą jaźń;Kraków\n"
CZECH = "Jméno;Město\nJiří Dvořák;Plzeň\nŽaneta Řezníčková;Olomouc\nČeské Budějovice;Znojmo\n"
HUNGARIAN = "Cég;Város\nTűzoltó Kft;Győr\nŐrség Bt;Szőny\n"
GERMAN = "Name;Stadt\nMüller GmbH;Köln\nGroßmann;Düsseldorf\n"
FRENCH = "Nom;Ville\nRené Lefèvre;Orléans\nHélène Garçon;Besançon\n"
ITALIAN = "Nome;Città\nSocietà Agricola;Forlì\nPerché no;Cefalù\n"
NORDIC = "Navn;By\nBjørn Ødegård;Tromsø\nÅse Æbelø;Malmö\n"
SIGNS = "a,b\tc\nAda\u3000Byron\u200b,soft\u00adhyphen 👩\u200d💻\u202f1\f\n"
GREEK = "Όνομα;Πόλη\nΓιώργος;Αθήνα\n"


def found(data: bytes, asked: str = "") -> Encoding:
    stream = io.BytesIO(data)
    encoding = find_encoding(stream, "people.csv", asked)
    assert stream.tell() == 0
    return encoding


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        *((RUSSIAN, codec) for codec in ("cp1251", "mac_cyrillic", "koi8_r", "cp866")),
        ("Назва,Місто\nЗавод їжі,Київ\n", "cp1251"),
        *((POLISH, codec) for codec in ("cp1250", "iso8859_2", "mac_latin2")),
        (CZECH, "cp1250"),
        (HUNGARIAN, "cp1250"),
        *((text, codec) for text in (GERMAN, FRENCH, ITALIAN, NORDIC) for codec in ("cp1252", "mac_roman")),
        ("Name,Note\nAda,“Twenty” – it’s 5 €\n", "cp1252"),
        (GREEK, "cp1253"),
    ],
)
def test_each_is_read_as_it_was_written(text: str, codec: str) -> None:
    data = text.encode(codec)
    encoding = found(data)
    assert data.decode(encoding.codec) == text
    assert encoding.note.startswith("not UTF-8: read as ")


def test_one_word_is_read_right_too_and_is_not_sure() -> None:
    """What one word is in cannot be known: it is told with the line, so that a person sees it."""
    encoding = found("title\nRomashka\nТверь\n".encode("cp1251"))
    assert encoding == Encoding(
        "cp1251",
        "not UTF-8: read as Windows-1251, but this is a guess: line 3 reads “Тверь”. If it is wrong, use --encoding",
    )
    assert "line 2 reads “Peña" in found("title\nPeña Muñoz\n".encode("cp1252")).note


def test_what_is_sure_has_no_sample() -> None:
    assert found(RUSSIAN.encode("cp1251")).note == "not UTF-8: read as Windows-1251"
    assert found(POLISH.encode("cp1250")).note == "not UTF-8: read as Windows-1250"
    assert found(FRENCH.encode("mac_roman")).note == "not UTF-8: read as Mac Roman"


def test_the_line_is_the_files_own_far_behind_the_first_bytes() -> None:
    data = b"title\n" + b"Ada\n" * 100_000 + "Peña Muñoz\n".encode("cp1252")
    assert "line 100002 reads “Peña Muñoz”" in found(data).note


def test_a_long_line_is_shown_around_what_is_in_question() -> None:
    note = found(b"title\n" + b"x" * 5_000 + "Peña Muñoz".encode("cp1252") + b"y" * 5_000 + b"\n").note
    assert "Peña Muñoz" in note
    assert len(note) < 250


@pytest.mark.parametrize("text", [ITALIAN, RUSSIAN, "名前,会社\n山田太郎,東京株式会社\n", "a,b\n1,2\n", SIGNS])
@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_ones_with_and_without_a_mark(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert data.decode(found(data).codec) == text


@pytest.mark.parametrize("mark", [codecs.BOM_UTF32_BE, codecs.BOM_UTF16_BE])
def test_a_mark_tells_the_order_of_bytes(mark: bytes) -> None:
    codec = "utf-32-be" if len(mark) == 4 else "utf-16-be"
    data = mark + RUSSIAN.encode(codec)
    assert data.decode(found(data).codec) == RUSSIAN


def test_what_is_asked_for_holds_unless_a_mark_says_another() -> None:
    data = "Ä\n".encode("mac_roman")
    assert found(data, "mac-roman") == Encoding("mac-roman", "read as mac-roman, as asked")
    assert found(codecs.BOM_UTF8 + b"x\n", "cp1251").codec == "utf-8-sig"
    assert found("a,b\n1,2\n".encode("utf-16-be"), "utf-16").codec == "utf-16-be"
    assert found(b"a\0b\n", "utf-16-le").codec == "utf-16-le"


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Windows-1251", "cp1251"),
        ("win1250", "cp1250"),
        ("CP 1252", "cp1252"),
        ("mac roman", "mac-roman"),
        ("Mac_Cyrillic", "mac-cyrillic"),
        ("UTF8", "utf-8"),
        ("utf-16", "utf-16"),
        ("shift_jis", "shift_jis"),
        ("base64", ""),
        ("rot13", ""),
        ("unicode_escape", ""),
        ("idna", ""),
        ("nonsense", ""),
        ("", ""),
        ("\0", ""),
        ("../../etc", ""),
        ("x" * 10_000, ""),
    ],
)
def test_names_that_people_give(name: str, codec: str) -> None:
    assert codec_of(name) == codec


def test_all_that_is_offered_is_known() -> None:
    assert all(map(codec_of, CHOICES))


def test_noise_is_refused_or_told_and_never_breaks_anything() -> None:
    random = Random(7)
    for size in range(1, 200):
        with suppress(Refused):
            codecs.lookup(found(random.randbytes(size)).codec)
    with pytest.raises(Refused, match="NUL bytes"):
        found(os.urandom(5_000) + b"\0")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (RUSSIAN.encode()[:-3], 3),
        (ITALIAN.encode() * 3 + b"\xff\n", 10),
        (("x\n" * 80_000 + RUSSIAN).encode() + "città\n".encode("cp1252"), 80_004),
    ],
)
def test_damaged_utf8_is_refused_with_its_line_and_not_read_as_something_else(data: bytes, line: int) -> None:
    with pytest.raises(Refused, match=f"people.csv is UTF-8, but line {line} is not"):
        found(data)
    assert found(data, "cp1252").codec == "cp1252"
