"""Checks that huggingface_hub and text2video read, fill and lock the same cache.

    python check_hub_cache.py ENDPOINT ORG/NAME path/to/text2video

ENDPOINT is a hub, such as the LocalHub of this module's tests prints when it is started. Last run with
huggingface_hub 0.36.2 and filelock 4.2.11.
"""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

endpoint, model, text2video = sys.argv[1:]
os.environ["HF_ENDPOINT"] = endpoint
# The variables are read as the module is loaded.
from filelock import FileLock  # noqa: E402
from huggingface_hub import snapshot_download  # noqa: E402


def download(cache, **variables):
    return subprocess.Popen(
        [text2video, "download", model, "--cache-dir", str(cache)],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )


def directory(process):
    out, _ = process.communicate()
    assert process.returncode == 0, process.returncode
    return Path(out.strip())


def contents(snapshot):
    return {str(file.relative_to(snapshot)): file.read_bytes() for file in snapshot.rglob("*") if file.is_file()}


with tempfile.TemporaryDirectory() as temporary:
    theirs, ours, locked = (Path(temporary, name) for name in ("theirs", "ours", "locked"))

    expected = Path(snapshot_download(model, cache_dir=theirs))
    found = directory(download(theirs, HF_HUB_OFFLINE="1"))
    assert found == expected, (found, expected)
    print(f"text2video reads what huggingface_hub left: {len(contents(found))} files")

    fetched = directory(download(ours))
    found = Path(snapshot_download(model, cache_dir=ours, local_files_only=True))
    assert found == fetched, (found, fetched)
    needed = contents(found)
    for file, content in needed.items():
        assert content == contents(expected)[file], file
    print(f"huggingface_hub reads what text2video left: {len(needed)} files, all equal")

    before = {file.name for file in ours.rglob("blobs/*")}
    snapshot_download(model, cache_dir=ours)
    after = {file.name for file in ours.rglob("blobs/*")}
    assert before <= after and contents(found) == contents(expected)
    print(f"huggingface_hub adds the {len(after - before)} files that the pipeline does not read, and no others")

    blob = (expected / "transformer/diffusion_pytorch_model.safetensors").resolve().name
    folder = "models--" + model.replace("/", "--")
    lock = locked / ".locks" / folder / f"{blob}.lock"
    lock.parent.mkdir(parents=True)
    with FileLock(lock):
        process = download(locked)
        # It stands still when all the rest is there: it goes on only when the lock is given back.
        while sum(1 for _ in (locked / folder / "snapshots").rglob("*.*")) < len(needed) - 1 and process.poll() is None:
            threading.Event().wait(0.1)
        try:
            process.wait(3)
            raise AssertionError("text2video did not wait for filelock's lock")
        except subprocess.TimeoutExpired:
            assert not (locked / folder / "blobs" / blob).exists()
    assert contents(directory(process)) == needed
    print("text2video waits for a lock that huggingface_hub holds")
