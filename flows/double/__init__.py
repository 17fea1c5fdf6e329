"""The double: a local server that behaves like the publishers, their faults included.

It serves any folder laid out host/path (a mirror, the sample edition) under `/<host>/<path>`, and beside it the
interfaces of CKAN, CBS, RIO, Eurostat and the Inspectorate's pages with generated, SYNTHETIC content. Point
`SECTORAKKOORD_PORTAL_URL` at it. Faults are named and switchable: see `flows.double.faults.FAULTS`.
"""

from flows.double.server import Double, running_double

__all__ = ["Double", "running_double"]
