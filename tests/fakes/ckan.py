"""The fake CKAN: a small catalogue in DUO's manner, with SYNTHETIC files (or those of the served folder)."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.fakes.catalogue_files import RESOURCES, DoubleResource, package_id
from tests.fakes.faults import FaultBox
from tests.fakes.static import StaticFiles, file_response

__all__ = ["HOST", "RESOURCES", "DoubleResource", "FakeCkan"]

HOST = "onderwijsdata.duo.nl"
INTERNAL = "beheer-ggm-ckan-prd.apps.prd.duo.rijksapps.nl"


class FakeCkan:
    """Answers for the catalogue's host; `bodies` may replace a file's content by resource id."""

    def __init__(self, faults: FaultBox, static: StaticFiles) -> None:
        self.faults, self.static = faults, static
        self.bodies: dict[str, bytes] = {}
        self.extra_packages = 0

    def answer(self, path: str, request: Request) -> Response | None:
        """The response, or None when the path is not the catalogue's."""
        parts = [part for part in path.split("/") if part]
        if parts[:3] == ["api", "3", "action"] and len(parts) == 4:
            return self._action(parts[3], request, f"/{HOST}{path}")
        if parts[:2] == ["datastore", "dump"] and len(parts) == 3:
            return self._dump(parts[2])
        if len(parts) == 6 and parts[0] == "dataset" and parts[4] == "download":
            found = self._by_id(parts[3])
            if found is None:
                return PlainTextResponse("Not found", 404)
            return file_response(self._body(found), request, "text/csv")
        return None

    def _body(self, resource: DoubleResource) -> bytes:
        """What was put in by hand, else the static file of the same content where the folder has it, else our own."""
        if resource.id in self.bodies:
            return self.bodies[resource.id]
        return (self.static.body(resource.same_as) if resource.same_as else None) or resource.body

    def _id(self, given: str) -> str:
        """The id of a package or resource now: another one after the catalogue was rewritten."""
        return str(uuid5(NAMESPACE_URL, given)) if self.faults.take(f"/{HOST}", "catalogue_rewritten") else given

    def _by_id(self, resource_id: str) -> DoubleResource | None:
        return next((resource for resource in RESOURCES if self._id(resource.id) == resource_id), None)

    def _action(self, action: str, request: Request, where: str) -> Response:
        query = request.query_params
        fault = self.faults.take(where, "s19_success_false")
        if fault:
            return _error("Not Found Error", "Niet gevonden", fault.options.get("status", 200))
        if action == "package_show":
            shown = self._package(query.get("id", ""), where)
            return _success(shown) if shown else _error("Not Found Error", "Niet gevonden", 404)
        if action == "package_search":
            names = sorted({r.package for r in RESOURCES} | {f"vulling-{n:03d}" for n in range(self.extra_packages)})
            start, rows = int(query.get("start", 0)), min(int(query.get("rows", 10)), 1000)
            results = [self._package(name, where) or _filler(name) for name in names[start : start + rows]]
            return _success({"count": len(names), "results": results})
        return _error("Not Found Error", f"Action name not known: {action}", 400)

    def _package(self, name: str, where: str) -> dict[str, Any] | None:
        resources = [r for r in RESOURCES if r.package == name]
        if not resources:
            return None
        return {
            "name": name,
            "title": f"{name} (SYNTHETIC)",
            "groups": [{"name": "voorgezet-onderwijs"}],
            "metadata_modified": "2026-04-14T02:00:00.000001",
            "resources": [self._resource(r, n, where) for n, r in enumerate(resources)],
        }

    def _resource(self, resource: DoubleResource, position: int, where: str) -> dict[str, Any]:
        body = self._body(resource)
        internal = resource.internal or self.faults.take(where, "s17_internal_host")
        hashed = not resource.internal or self.faults.take(where, "s20_hash_set")
        newer = self.faults.take(where, "s20_new_last_modified")
        own = self._id(resource.id)
        path = f"dataset/{self._id(package_id(resource.package))}/resource/{own}/download/{resource.file}"
        return {
            "id": own,
            "name": resource.name,
            "format": "CSV",
            "mimetype": "text/csv",
            "url": f"https://{INTERNAL if internal else HOST}/{path}",
            "size": len(body),
            "hash": hashlib.md5(body, usedforsecurity=False).hexdigest() if hashed else None,
            "last_modified": "2026-05-01T00:00:00.000000" if newer else "2023-03-23T15:37:16.597188",
            "position": position,
            "datastore_active": True,
        }

    def _dump(self, resource_id: str) -> Response:
        """The datastore's dump: an extra first column, a byte order mark, and neither ETag nor date."""
        found = self._by_id(resource_id)
        if not found:
            return PlainTextResponse("Not found", 404)
        header, *lines = self._body(found).decode("utf-8", "replace").splitlines()
        numbered = [f"_id,{header}"] + [f"{n},{line}" for n, line in enumerate(lines, start=1)]
        text = "\ufeff" + "\r\n".join(numbered) + "\r\n"
        return Response(text.encode(), headers={"Content-Type": "text/csv; charset=utf-8"})


def _filler(name: str) -> dict[str, Any]:
    return {"name": name, "title": f"{name} (SYNTHETIC)", "resources": []}


def _success(result: object) -> Response:
    body = {"help": f"https://{HOST}/api/3/action/help_show", "success": True, "result": result}
    return Response(json.dumps(body), headers={"Content-Type": "application/json;charset=utf-8"})


def _error(kind: str, message: str, status: int) -> Response:
    body = {"help": f"https://{HOST}", "success": False, "error": {"message": message, "__type": kind}}
    return Response(json.dumps(body), status, headers={"Content-Type": "application/json;charset=utf-8"})
