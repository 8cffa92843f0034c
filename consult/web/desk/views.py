"""The desk's home and overview."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk")
