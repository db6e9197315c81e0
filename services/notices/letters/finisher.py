"""What WeasyPrint leaves open in the finished PDF: a second identifier, exact boxes, figures in PDF space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pydyf
from weasyprint import Document

# PDF/A wants a schema for every foreign property of the metadata (ISO 19005-3, 6.6.2.3.3).
_PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA part</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>"""
_POINTS_PER_PIXEL = 0.75
_END = b"</rdf:RDF>"


@dataclass(frozen=True, slots=True)
class PageSize:
    """The page box the provider accepts, in points."""

    width: float
    height: float


def finisher(size: PageSize) -> Callable[[Document, pydyf.PDF], None]:
    """Return the function WeasyPrint calls with the document before it is written."""

    def finish(_document: Document, pdf: pydyf.PDF) -> None:
        for item in pdf.objects:
            if isinstance(item, pydyf.Stream):
                _declare_ua(item)
            elif isinstance(item, pydyf.Dictionary):
                _correct(item, size)

    return finish


def _declare_ua(stream: pydyf.Stream) -> None:
    if stream.extra.get("Subtype") == "/XML":
        metadata = stream.stream[0]
        assert isinstance(metadata, bytes)  # noqa: S101 - narrows the type; metadata is written as bytes
        stream.stream = [metadata.replace(_END, _PDF_UA + _END)]
        # Readable without a PDF library, which PDF/A-1 demanded and strict validators still ask for.
        stream.compress = False


def _correct(item: pydyf.Dictionary, size: PageSize) -> None:
    if item.get("Type") == "/Page":
        for box in ("MediaBox", "TrimBox", "BleedBox"):
            item[box] = pydyf.Array([0, 0, size.width, size.height])
    elif item.get("S") == "/Figure":
        layout = item["A"]
        left, top, right, bottom = (each * _POINTS_PER_PIXEL for each in layout["BBox"])
        layout["BBox"] = pydyf.Array([left, size.height - bottom, right, size.height - top])
