"""What acts on a codebook, colours and templates are called, in the reader's language."""

from flask_babel import lazy_gettext as _l

from consult.analysis.enums import CodebookAct

ACTS = {
    CodebookAct.LOADED: _l("Taken from the consultation’s definition"),
    CodebookAct.ADDED: _l("Added"),
    CodebookAct.CHANGED: _l("Changed"),
    CodebookAct.MERGED: _l("Merged"),
    CodebookAct.SPLIT: _l("Split"),
    CodebookAct.RETIRED: _l("Retired"),
    CodebookAct.RESTORED: _l("Restored"),
    CodebookAct.IMPORTED: _l("Imported"),
}

FIELD_TITLES = {
    "title": _l("Title"),
    "parent": _l("Under"),
    "description": _l("Description"),
    "includes": _l("What belongs to it"),
    "excludes": _l("What does not"),
    "examples": _l("Examples"),
    "colour": _l("Colour"),
}

TEMPLATE_TITLES = {
    "policy-outcomes": _l("Outcomes asked of a summit or a policy"),
    "meeting-feedback": _l("What participants say of a meeting"),
}

COLOURS = {
    "": _l("None"),
    "#0f6e6e": _l("Teal"),
    "#14508c": _l("Blue"),
    "#6a3d9a": _l("Violet"),
    "#9c2f5b": _l("Rose"),
    "#a33b20": _l("Red"),
    "#9a6a00": _l("Amber"),
    "#4f6b1f": _l("Olive"),
    "#1e6b45": _l("Green"),
    "#5b6470": _l("Slate"),
}
"""Those offered, each dark enough to be told from white; a file may bring others."""
