"""Opening an invitation, answering, and the receipt."""

from flask import Blueprint

participate = Blueprint("participate", __name__)
