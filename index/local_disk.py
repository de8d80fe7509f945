"""Tells a local disk from a network file system, on which locks and memory maps cannot be trusted."""

from __future__ import annotations

import re
from pathlib import Path

from market.errors import UnavailableError

# Types as Linux names them in /proc/self/mounts.
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "beegfs", "9p", "davfs",
    "fuse.sshfs", "fuse.s3fs", "fuse.glusterfs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs", "fuse.cephfs",
}  # fmt: skip


def refuse_network(directory: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Raise UnavailableError when `directory` lies on a network file system, as far as mounts are known."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    where = directory.absolute().resolve()
    best, kind = Path("/"), ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), parts[1]))
        if (where == point or point in where.parents) and len(point.parts) >= len(best.parts):
            best, kind = point, parts[2]
    if kind in _NETWORK:
        raise UnavailableError(
            "index-network",
            f"the search index cannot live in {directory}, which is on a network file system ({kind}); "
            "set the data directory to a local disk, or set [search] url to an Elasticsearch server",
        )
