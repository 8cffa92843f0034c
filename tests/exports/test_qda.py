"""REFI-QDA projects: valid by the schema, read by another program, the same each time, and read back in."""

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pyrefiqda import RefiProject
from sqlalchemy.orm import Session

from consult.analysis.actions import assign
from consult.analysis.disclosure import Profile
from consult.analysis.marking import assign_part
from consult.analysis.queries import theme_codes
from consult.consultations.enums import Attribution
from consult.core.errors import Invalid
from consult.core.qda.reading import read_project
from consult.exports.qdpx import codebook, project
from consult.moderation.actions import Span
from consult.moderation.enums import RedactionKind
from consult.operations.import_codings import import_codings
from tests.analysis.cases import CANARY, approve, approved
from tests.analysis.cases import codebook as themes_of
from tests.factories import World, make_answer
