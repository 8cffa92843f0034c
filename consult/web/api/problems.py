"""The blueprint, and its refusals in English, which programs and their makers read."""

from flask import Blueprint, Response

from consult.core.errors import DomainError
from consult.web.errors import status_of
from consult.web.problems import problem

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.errorhandler(DomainError)
def refused(error: DomainError) -> Response:
    return problem(status_of(error), str(error))
