"""What turns an assembled PDF into PDF/A-2b, and says what it is."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Name, pdfa

from hoso.imaging.saving import opened_for_pdf
from hoso.ocr.jpeg2000 import are_archival

_FLAVOUR = "2b"
_TOOL = "hoso"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:identifier>{identifier}</dc:identifier>
{source}<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<pdf:Producer>{tool}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Description:
    """What a file says about itself.

    `identifier` is the dossier's code (dc:identifier), `source_sha256` the hash of the untouched
    original (dc:source): both in fields that PDF/A knows, so they need no schema of our own.
    """

    title: str
    identifier: str
    source_sha256: str | None = None


def make_fit(pdf: pikepdf.Pdf) -> None:
    """Mend what can be mended without a change to what is seen: output intent, flags, scripts."""
    for descriptor in pdf.objects:
        # Optional since PDF/A-2, often wrong in files from offices, and no validator's favourite.
        if isinstance(descriptor, pikepdf.Dictionary) and "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]
    pdfa.prepare(pdf, _FLAVOUR)


def is_fit(pdf: pikepdf.Pdf) -> bool:
    """Whether `pdf` would be valid PDF/A-2b once saved."""
    left = [finding for finding in pdfa.check(pdf, _FLAVOUR).findings if not _is_of_jpx(finding)]
    return not left and are_archival(pdf)


def _is_of_jpx(finding: pdfa.Finding) -> bool:
    return finding.kind == "unsupported" and "JPEG 2000" in finding.message


def save_as_pdfa(pdf: pikepdf.Pdf, target: Path, description: Description) -> None:
    """Write `pdf` to `target` as PDF/A-2b; the same content gives the same bytes.

    The pages must be fit for it already (see conforming.py). Pictures stay compressed as they
    are. No date is written: the register knows when a paper was taken in.
    """
    make_fit(pdf)
    _describe(pdf, description)
    with opened_for_pdf(target) as file:
        pdf.save(
            file,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
            deterministic_id=True,
        )


def _describe(pdf: pikepdf.Pdf, description: Description) -> None:
    """Title and makers in XMP and, equal, in the old document information."""
    source = description.source_sha256
    xmp = _XMP.format(
        title=escape(description.title),
        identifier=escape(description.identifier),
        source=f"<dc:source>sha256:{escape(source)}</dc:source>\n" if source else "",
        tool=_TOOL,
    )
    metadata = pdf.make_stream(xmp.encode())
    metadata[Name.Type], metadata[Name.Subtype] = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo[Name.Title] = pikepdf.String(description.title)
    pdf.docinfo[Name.Creator] = pdf.docinfo[Name.Producer] = pikepdf.String(_TOOL)
