"""planbok: a planning workbook for the people who steer social services in Stockholm's city districts."""

from importlib.metadata import version

__version__ = version("planbok")
