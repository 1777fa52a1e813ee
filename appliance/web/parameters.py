"""What handlers ask for, by short names."""

from typing import Annotated, TypeVar

from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, SkipValidation

from appliance.accounts.viewer import Family
from appliance.web.state import Web

T = TypeVar("T")

TheWeb = NamedDependency[Web]
Viewing = NamedDependency[SkipValidation[Family]]
"""Who is logged in. Nothing to validate, and the framework cannot tell one dataclass of a union from another."""
Form = Annotated[T, Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The fields of a form that is not an upload, as a dataclass."""
