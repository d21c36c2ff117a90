"""A key that is not known may be new: the page of that refusal says how long to repeat."""

from imece_chassis.access.authenticator import KeyRevoked, KeyUnknown
from imece_chassis.http.pages import describe


def test_the_page_of_an_unknown_key_says_that_a_new_one_needs_seconds() -> None:
    fix = describe(KeyUnknown)["fix"]
    assert "less than 5 seconds ago: wait a second and send the same" in fix["en"]
    assert "5 saniyeden yeni" in fix["tr"]
    assert "again" not in describe(KeyRevoked)["fix"]["en"]
