"""The site and the browser, as for the tests of the site."""

from tests.site.conftest import address, browser, html  # noqa: F401
