"""Every fixture of the suite comes from tests/platform; this file only names the plugins."""

pytest_plugins = [
    "tests.platform.skips",
    "tests.platform.fixtures",
    "tests.platform.browser",
    "tests.conformance.judges",
]
