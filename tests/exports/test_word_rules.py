"""What Word asks of a file and python-docx does not see to: parts of a property in the schema's order, one id each."""

import io
import zipfile

import pytest
from lxml import etree

from tests.exports.test_editions import EDITION_FORMATS, WRITTEN

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
}


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(EDITION_FORMATS["docx"].render(WRITTEN))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_every_property_keeps_the_order_that_word_reads_them_in(parts: dict[str, bytes]) -> None:
    seen = dict.fromkeys(ORDER, 0)
    for name, content in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in etree.fromstring(content).iter("*"):
            kind = element.tag.removeprefix(W)
            if kind in ORDER:
                known, found = ORDER[kind].split(), [child.tag.removeprefix(W) for child in element]
                ours = [each for each in found if each in known]
                assert ours == sorted(ours, key=known.index), (name, kind, found)
                seen[kind] += 1
    assert min(seen.values()) > 0, seen


def test_marks_pictures_and_fields_are_each_their_own(parts: dict[str, bytes]) -> None:
    body = etree.fromstring(parts["word/document.xml"])
    starts = [element.get(f"{W}id") for element in body.iter(f"{W}bookmarkStart")]
    assert len(starts) == len(set(starts)) > 5
    assert starts == [element.get(f"{W}id") for element in body.iter(f"{W}bookmarkEnd")]
    kinds = [element.get(f"{W}fldCharType") for element in body.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0
    pictures = [element.get("id") for element in body.iter("*") if element.tag.endswith("}docPr")]
    assert len(pictures) == len(set(pictures)) == 2


def test_the_file_is_of_todays_word_and_brings_nothing_of_its_template(parts: dict[str, bytes]) -> None:
    assert (
        b'compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
        in parts["word/settings.xml"]
    )
    assert not [name for name in parts if "thumbnail" in name]
    assert b'<w:altName w:val="Georgia"/>' in parts["word/fontTable.xml"]
