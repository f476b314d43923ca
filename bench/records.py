"""The lines of docs/performance/history.jsonl: what one is made of, and how two of them compare.

A record holds pairs of runs, ours and the peer's right after each other, so that both met the same machine. A ratio is the
peer's figure over ours: above 1 we are faster, or smaller. A spread is what pairs differ by: [least, median, most].
"""

import json
import statistics
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
HISTORY = HOME / "docs/performance/history.jsonl"

# name: (what people read, divisor, unit)
FIGURES = {
    "load_s": ("load", 1, "s"),
    "encode_s": ("text encoding", 1, "s"),
    "step_s": ("a step", 1, "s"),
    "denoise_s": ("denoising", 1, "s"),
    "decode_s": ("decoding", 1, "s"),
    "total_s": ("generation", 1, "s"),
    "peak_rss_bytes": ("peak resident memory", 2**30, "GiB"),
    "peak_gpu_bytes": ("peak GPU memory", 2**30, "GiB"),
}


def ours(report):
    """The figures of a report of `text2video bench --json`."""
    measured = report["measurement"]
    return _known({**measured, **measured["fastest"]})


def peers(result):
    """The figures that peer_diffusers.py printed."""
    return _known({**result, **result["fastest"]})


def _known(values):
    return {name: values[name] for name in FIGURES if values.get(name) is not None}


def paths(report):
    """The ways that our CPU took, and by which ratios they were chosen."""
    settings = report["settings"]
    ratios = {part: times["ratio"] for part, times in settings["cpu_path_ratios"].items()}
    return {"taken": settings["cpu_paths"], "ratios": ratios}


def chosen(record):
    """The same for people: nothing of a GPU, nor of a record from before they were kept."""
    kept = record.get("cpu_paths") or {}
    if not kept.get("taken"):
        return []
    ratios = ", ".join(f"{part} {ratio:.2f}" for part, ratio in sorted(kept["ratios"].items()))
    return [f"CPU paths {kept['taken']}" + (f"; the other way over the default: {ratios}" if ratios else "")]


def spread(values):
    return [min(values), statistics.median(values), max(values)]


def figures(record):
    """The names of all figures that every run of a record has."""
    runs = [run for pair in record["pairs"] for run in (pair["ours"], pair["peer"])]
    return [name for name in FIGURES if all(name in run for run in runs)]


def side(record, who, figure):
    """A figure's spread: who is "ours" or "peer"."""
    return spread([pair[who][figure] for pair in record["pairs"]])


def ratio(record, figure):
    """A ratio's spread."""
    return spread([pair["peer"][figure] / pair["ours"][figure] for pair in record["pairs"]])


def key(record):
    """What must be the same for two records to be compared: the machine and the settings, not the versions."""
    machine = record["machine"]
    return json.dumps([machine["cpu"], machine["cores"], round(machine["memory_bytes"] / 2**30), record["settings"]], sort_keys=True)


def label(record):
    """The settings in a few words: what is not said is as in fp32, unquantized."""
    settings = record["settings"]
    words = [settings["model"], f"{settings['width']}x{settings['height']}x{settings['frames']}"]
    words += [f"{flag.lstrip('-')} {value}".strip() for flag, value in sorted(settings["flags"].items())]
    if settings["peer_dtype"] != "fp32":
        words.append(f"against {settings['peer_dtype']}")
    return ", ".join(words)


def read(path=HISTORY):
    """All records, the oldest first; none where there is no such file."""
    if not path.exists():
        return []
    records = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise SystemExit(f"{path}, line {number}: not JSON: {error}") from error
    return records


def append(record, path=HISTORY):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(record, sort_keys=True) + "\n")


def slower(before, after):
    """The figures whose ratio fell by more than the spread: the best pair now is worse than the worst pair before.

    Ratios and not seconds, because the machine may have had more to do; then the peer was slower, too.
    """
    common = [name for name in figures(before) if name in figures(after)]
    return [name for name in common if ratio(after, name)[2] < ratio(before, name)[0]]


def previous(records):
    """The newest record, and the one before it that can be compared with it; None where there is none."""
    newest = records[-1]
    same = [record for record in records[:-1] if key(record) == key(newest)]
    return newest, same[-1] if same else None
