"""Room, permission, locks, what killed runs left, and which publishers answer."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from filelock import FileLock, Timeout

from flows.health.finding import Finding, error, ok, warning
from flows.settings import Settings
from warehouse.files import STALE_S, stale_parts
from warehouse.release.data_directory import DataDirectory

SPARE_BYTES = 512 * 1024**2
"""Room for what comes in, beside that for a build and the export of it."""
CONNECT_S, ANSWER_S, TIMEOUT_S = 3.0, 5.0, 10.0


def findings(data: DataDirectory) -> Iterator[Finding]:
    """Disk, permissions, the writer's lock, leftovers."""
    yield disk(data)
    yield from permissions(data)
    held = holder(data.lock)
    if held:
        yield warning("lock", f"{data.lock} is held by {held}: a release is being made now.")
    else:
        yield ok("lock", "Nobody is publishing.")
    yield leftovers(data, publishing=held is not None)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())


def disk(data: DataDirectory) -> Finding:
    """A release is built beside the published one, so its room is needed twice more."""
    free = shutil.disk_usage(existing(data.root)).free
    published = data.warehouse.stat().st_size if data.warehouse.exists() else 0
    needed = 2 * published + SPARE_BYTES
    if free < needed:
        return error("disk", f"{data.root}: {size(free)} free, {size(needed)} needed for the next release; make room.")
    return ok("disk", f"{size(free)} free where {data.root} is; a release needs {size(needed)}.")


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1024**3:.1f} GiB" if count >= 1024**3 else f"{count / 1024**2:.0f} MiB"


def permissions(data: DataDirectory) -> Iterator[Finding]:
    """Can we write where we must? Tried, for rights, quotas and read-only disks all tell only then."""
    if not data.root.exists():
        folders = [existing(data.root)]
    else:
        inside = (data.archive, data.releases, data.cache, data.root / "report", data.root / "prefect")
        folders = [data.root, *(folder for folder in inside if folder.exists())]
    refused = []
    for folder in folders:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as fault:
            refused.append(error("permissions", f"{folder}: cannot be written ({fault.strerror}); give permission."))
    yield from refused
    if not refused:
        made = "" if data.root.exists() else ", where the data directory will be made"
        yield ok("permissions", f"{folders[0]} can be written{made}.")


def holder(lock: Path) -> str | None:
    """Who holds the writer's lock, in words; None when nobody does."""
    if not lock.exists():
        return None
    try:
        with FileLock(lock, timeout=0):
            return None
    except Timeout:
        return process(lock) or "a process of another user or machine"
    except OSError:
        return None


def process(lock: Path) -> str | None:
    """The process that holds a lock, where the system tells (see proc(5), /proc/locks)."""
    try:
        held = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
        inode = str(lock.stat().st_ino)
        pid = next(int(parts[4]) for parts in held if "->" not in parts and parts[5].rpartition(":")[2] == inode)
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return f"process {pid} ({words[:120]})"


def leftovers(data: DataDirectory, publishing: bool) -> Finding:
    """What killed runs left. A refresh removes it; while a release is being made its build is not one."""
    limit = time.time() - STALE_S
    found = [] if publishing else list(data.root.glob(".build-*"))
    found += [path for path in (data.root / "incoming").glob("*") if path.stat().st_mtime < limit]
    found += stale_parts(data.root)
    if found:
        names = ", ".join(path.name for path in found[:3]) + (" ..." if len(found) > 3 else "")
        return warning(
            "leftovers", f"{len(found)} left by killed runs ({names}); the next refresh clears builds and parts."
        )
    return ok("leftovers", "No killed run left anything.")


def network(settings: Settings, edition: str | None) -> Iterator[Finding]:
    """Which publishers answer. Any answer counts, a refusal too; only a live edition cannot do without."""
    if settings.portal_url:
        addresses = {settings.portal_url: settings.portal_url}
    else:
        addresses = {host: f"https://{host}/" for host in settings.allowed_hosts}
    silent = unanswered(addresses, settings.user_agent)
    answering = [host for host in addresses if host not in silent]
    reasons = ", ".join(f"{host} ({why})" for host, why in silent.items())
    if not silent:
        yield ok("network", f"All {len(answering)} publishers' hosts answer.")
    elif answering:
        yield warning("network", f"{len(answering)} of {len(addresses)} publishers' hosts answer; not: {reasons}.")
    else:
        level = error if edition == "live" else warning
        yield level(
            "network",
            f"No publisher answers ({next(iter(silent.values()))}): this machine is offline, or needs HTTPS_PROXY; "
            "the sample and mirror editions do without.",
        )


def unanswered(addresses: dict[str, str], user_agent: str) -> dict[str, str]:
    """The names whose address gave no answer in time, with why. All are asked at once."""
    told: dict[str, str] = {}

    def ask(name: str, address: str) -> None:
        try:
            headers = {"User-Agent": user_agent}
            requests.head(address, headers=headers, timeout=(CONNECT_S, ANSWER_S), allow_redirects=False)
            told[name] = ""
        except requests.exceptions.ProxyError:
            told[name] = "the proxy refused"
        except requests.exceptions.SSLError:
            told[name] = "no trusted certificate"
        except requests.exceptions.ConnectTimeout:
            told[name] = "no connection in time"
        except requests.exceptions.ConnectionError as fault:
            told[name] = "name not found" if "resol" in str(fault).lower() else "no connection"
        except requests.exceptions.RequestException as fault:
            told[name] = type(fault).__name__

    # Threads that end with the program: looking up a name heeds no timeout.
    threads = [threading.Thread(target=ask, args=pair, daemon=True) for pair in addresses.items()]
    for thread in threads:
        thread.start()
    end = time.monotonic() + TIMEOUT_S
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return {name: why for name in addresses if (why := told.get(name, "no answer in time"))}
