"""Fake publishers: a local server that behaves like them, their faults included.

It serves any folder laid out host/path (a mirror, the sample edition) under `/<host>/<path>`, and beside it the
interfaces of CKAN and CBS and the Inspectorate's pages with generated, SYNTHETIC content. Point
`SECTORAKKOORD_PORTAL_URL` at it. Faults are named and switchable: see `tests.fakes.faults.FAULTS`.
"""

from tests.fakes.server import FakePublishers, running_fake_publishers

__all__ = ["FakePublishers", "running_fake_publishers"]
