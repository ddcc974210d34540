"""Names of WordprocessingML, as lxml writes them, and what kind of thing each is."""

from __future__ import annotations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

BODY, P, PPR, R, RPR, T = (_W + name for name in ("body", "p", "pPr", "r", "rPr", "t"))
BR, TAB, SECTPR = (_W + name for name in ("br", "tab", "sectPr"))
TBL, TR, TC = (_W + name for name in ("tbl", "tr", "tc"))
SDT, SDT_PR, SDT_CONTENT = (_W + name for name in ("sdt", "sdtPr", "sdtContent"))
TEXT_BOX, FOOTNOTE, ENDNOTE, COMMENT = (_W + name for name in ("txbxContent", "footnote", "endnote", "comment"))
HEADER, FOOTER = _W + "hdr", _W + "ftr"
DRAWING, ALTERNATE, FALLBACK = _W + "drawing", _MC + "AlternateContent", _MC + "Fallback"
INSTRUCTION, FIELD, FIELD_TEXT = _W + "instrText", _W + "fldSimple", _W + "instr"
FIELD_CHAR, FIELD_CHAR_TYPE = _W + "fldChar", _W + "fldCharType"
ID = _W + "id"
DOC_PR, EXTENT = _WP + "docPr", _WP + "extent"
PICTURE_PR = "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"
BLIP, EXTENT_OF_SHAPE, CROP, EXTENSIONS = (_A + name for name in ("blip", "ext", "srcRect", "extLst"))
EMBED, RELATED = _R + "embed", _R
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

STORIES = frozenset((TEXT_BOX, FOOTNOTE, ENDNOTE, COMMENT))
"""What holds a text of its own inside a part."""
BLOCKS = frozenset((BODY, TC, TEXT_BOX, HEADER, FOOTER, FOOTNOTE, ENDNOTE, COMMENT, SDT_CONTENT))
"""What holds paragraphs and tables."""
WRAPPERS = frozenset(_W + name for name in ("ins", "hyperlink", "smartTag", "customXml", "bdo", "dir"))
"""What stands around runs, and may be parted between them."""
_BESIDE_TEXT = (
    "br",
    "cr",
    "tab",
    "ptab",
    "sym",
    "noBreakHyphen",
    "softHyphen",
    "drawing",
    "pict",
    "object",
    "fldChar",
    "instrText",
    "footnoteReference",
    "endnoteReference",
    "commentReference",
    "pgNum",
    "dayShort",
    "monthShort",
    "yearShort",
    "dayLong",
    "monthLong",
    "yearLong",
    "annotationRef",
    "footnoteRef",
    "endnoteRef",
)
BETWEEN = frozenset(_W + name for name in _BESIDE_TEXT) | {ALTERNATE}
"""What stands in a run beside text, so that no placeholder goes across it."""
UNSEEN = frozenset((PPR, RPR, _W + "delText", _W + "delInstrText", _W + "lastRenderedPageBreak"))
"""What stands in paragraphs and runs and shows nothing."""
_RANGES = ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd")
MARKS = frozenset(_W + name for name in (*_RANGES, "commentReference"))
"""What there can be once only."""
MARKS_ONCE = tuple(sorted(MARKS))
COPIED_IDS = (_W14 + "paraId", _W14 + "textId")
BINDINGS = (
    _W + "dataBinding", _W + "showingPlcHdr", "{http://schemas.microsoft.com/office/word/2012/wordml}dataBinding"
)  # fmt: skip
"""What makes Word show something else in a content control than what stands there."""
