"""Files that are cached for ever."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request

from services.portal.web.statics import Statics


def asked(path: str, **named: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": raw})


def site(folder: Path, text: str = "body{}") -> Statics:
    (folder / "a.css").write_text(f'{text} @font-face{{src:url("static:f.woff2")}}')
    (folder / "f.woff2").write_bytes(b"font")
    return Statics(folder)


def test_the_address_of_a_file_changes_with_its_content(tmp_path: Path) -> None:
    assert site(tmp_path).url("a.css") != site(tmp_path, "p{}").url("a.css")


def test_a_style_sheet_names_its_fonts_by_their_addresses(tmp_path: Path) -> None:
    statics = site(tmp_path)

    answer = statics.serve(asked(statics.url("a.css")))

    assert answer is not None
    assert statics.url("f.woff2").encode() in bytes(answer.body)


def test_a_file_is_compressed_for_whom_it_suits_and_kept_for_ever(tmp_path: Path) -> None:
    statics = site(tmp_path)

    answer = statics.serve(asked(statics.url("a.css"), accept_encoding="gzip, br"))

    assert answer is not None
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


def test_a_file_that_the_browser_has_is_not_sent_again(tmp_path: Path) -> None:
    statics = site(tmp_path)
    first = statics.serve_fixed(asked("/x"), "a.css")

    assert statics.serve_fixed(asked("/x", if_none_match=first.headers["etag"]), "a.css").status_code == 304


def test_an_address_that_we_did_not_make_finds_nothing(tmp_path: Path) -> None:
    assert site(tmp_path).serve(asked("/static/../settings.py")) is None


def test_the_start_page_fits_into_a_hundred_kilobytes_without_fonts() -> None:
    statics = Statics()
    names = ("vendor/kern-ux-native-2.7.2/kern.min.css", "portal.css", "portal.js", "vendor/htmx.org-2.0.4/htmx.min.js")

    answers = [statics.serve(asked(statics.url(name), accept_encoding="gzip")) for name in names]

    assert sum(len(bytes(each.body)) for each in answers if each) < 90_000
