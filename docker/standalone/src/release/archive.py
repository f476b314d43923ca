#!/usr/bin/env python3
"""Packs text2video for who has Java and no Maven: the launcher, the three applications, the toy model, licences and the SBOM.

Called by `mvn -Prelease package` (docs/release.md). Built twice of the same sources, it has the same bytes. The applications share
most jars; each is in the archive once, and hard-linked where it is again.
usage: archive.py ROOT VERSION TIMESTAMP BOM OUTPUT
"""

import datetime
import gzip
import hashlib
import io
import pathlib
import sys
import tarfile
import tempfile

import materials
import recorded_bytecode
import transformed_bytecode

HERE = pathlib.Path(__file__).resolve().parent
APPLICATIONS = {"gateway": "gateway", "worker": "worker", "standalone": "docker/standalone"}


def files(root, work):
    """What is in the archive: paths by their names in it."""
    found = {name: root / name for name in ("text2video", "LICENSE")}
    found["README.md"] = HERE / "README.md"
    model = root / "models/cogvideox-tiny"
    found.update({str(path.relative_to(root)): path for path in model.rglob("*") if path.is_file()})
    for name, module in APPLICATIONS.items():
        application = root / module / "target/quarkus-app"
        if not (application / "quarkus-run.jar").is_file():
            raise FileNotFoundError(f"{application} is not built: mvn -Prelease package does it before this")
        for path in application.rglob("*"):
            if path.is_file():
                found[f"lib/{name}/{path.relative_to(application)}"] = path
        built, normal = application / "quarkus", work / name
        normal.mkdir()
        recorded_bytecode.normalise(built, normal)
        transformed_bytecode.normalise(built, normal)
        found.update({f"lib/{name}/quarkus/{path.name}": path for path in normal.iterdir()})
    return found


def pack(found, top, time, output):
    """The files as a tar.gz: in order of their names, owned by nobody in particular, none newer than another."""
    by_content = {}
    with open(output, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=time) as zipped:
        with tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in sorted(found):
                content = found[name].read_bytes()
                entry = tarfile.TarInfo(f"{top}/{name}")
                entry.mode = 0o755 if name == "text2video" else 0o644
                entry.mtime = time
                first = by_content.setdefault(hashlib.sha256(content).digest(), entry.name)
                if first == entry.name or not name.endswith(".jar"):
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
                else:
                    entry.type = tarfile.LNKTYPE
                    entry.linkname = first
                    tar.addfile(entry)


def main(root, version, timestamp, bom, output):
    time = int(datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp())
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        found = files(pathlib.Path(root).resolve(), work)
        found["bom.json"] = pathlib.Path(bom)
        (work / "THIRD-PARTY.md").write_text(materials.notices(found), encoding="utf-8")
        found["THIRD-PARTY.md"] = work / "THIRD-PARTY.md"
        pack(found, f"text2video-{version}", time, output)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except materials.Refused as refused:
        sys.exit("\n".join(["the archive is not made:", *refused.args]))
