"""Forms of staff's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from consult.web.fields import Form, Storable, TextField


class SignInForm(Form):
    """Address and password."""

    email = TextField(_l("E-mail address"), [InputRequired(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), Storable()])


class SignOutForm(Form):
    """A button."""
