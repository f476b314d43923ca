"""Prints the fleet's Grafana dashboard, built with Grafana's own library: its JSON is well formed, and its units are Grafana's.

usage: dashboard.py >k8s/components/monitoring/dashboard.json
"""

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement, TooltipDisplayMode, VisibilityMode
from grafana_foundation_sdk.models.dashboard import DataSourceRef, VariableOption, VariableRefresh, VariableSort

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
GATEWAYS = 'job="text2video-gateway"'
WORKERS = 'job="text2video-worker"'
REQUESTS = f"http_server_requests_seconds_count{{{GATEWAYS}}}"
# Every gateway tells of the whole fleet's jobs: those are taken by max, and never added up.
# Labels of a series, where the panel shows one for each.
POOL, OUTCOME, INSTANCE = "{{pool}}", "{{outcome}}", "{{instance}}"


def mean(timer, by, labels=""):
    """What it was on average; nothing while there was none."""
    total = f"sum by ({by}) (rate({timer}_sum{labels}[$__rate_interval]))"
    return f"{total} / (sum by ({by}) (rate({timer}_count{labels}[$__rate_interval])) > 0)"


def quantile(share, timer):
    return f"histogram_quantile({share}, sum by (le) (rate({timer}_bucket{{{WORKERS}}}[$__rate_interval])))"


class Shown:
    """A panel: its title, its unit, what it says, and its series as (legend, query)."""

    def __init__(self, title, unit, description, *series, width=8, single=False, height=7):
        self.title, self.unit, self.description, self.series = title, unit, description, series
        self.width, self.single, self.height = width, single, height

    def build(self, number):
        panel = stat.Panel() if self.single else timeseries.Panel()
        panel.id(number).title(self.title).description(self.description).unit(self.unit).datasource(SOURCE)
        panel.span(self.width).height(self.height)
        for index, (legend, query) in enumerate(self.series):
            target = prometheus.Dataquery().expr(query).legend_format(legend).ref_id(chr(ord("A") + index)).datasource(SOURCE)
            panel.with_target(target.instant() if self.single else target.range())
        if self.single:
            return panel
        panel.fill_opacity(10).line_width(1).show_points(VisibilityMode.NEVER)
        panel.tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
        legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
        panel.legend(legend.show_legend(True))
        return panel.min(0)


def one(title, unit, description, query):
    return Shown(title, unit, description, ("", query), width=4, single=True, height=4)


AT_A_GLANCE = [
    one("Alerts", units.Short, "That fire now", 'sum(ALERTS{alertname=~"Text2Video.*",alertstate="firing"}) or vector(0)'),
    one("Gateways ready", units.Short, "Of those that Prometheus asks", "sum(text2video_gateway_ready)"),
    one("Workers ready", units.Short, "With their model loaded", f"sum(text2video_worker_ready{{{WORKERS}}})"),
    one("Workers busy", units.Short, "With a job", f"sum(text2video_worker_busy{{{WORKERS}}})"),
    one("Jobs waiting", units.Short, "Of all pools", 'sum(max by (pool) (text2video_queue_jobs{state="waiting"}))'),
    one("Oldest job", units.DurationSeconds, "That waits for a worker", "max(text2video_queue_oldest_seconds)"),
]

JOBS = [
    Shown(
        "Queue",
        units.Short,
        "Jobs by pool: those that wait for a worker, in the backlog too, and those that one has.",
        ("{{pool}} {{state}}", 'max by (pool, state) (text2video_queue_jobs{pool=~"$pool"})'),
    ),
    Shown(
        "Age of the oldest job that waits",
        units.DurationSeconds,
        "Since it was asked for. Text2VideoQueueOld fires at an hour.",
        (POOL, 'max by (pool) (text2video_queue_oldest_seconds{pool=~"$pool"})'),
    ),
    Shown(
        "Until all is done",
        units.DurationSeconds,
        "As the jobs are reckoned: with the workers that are at work (drain), and with one alone (work). Drain is empty while nobody can tell.",
        ("{{pool}} drain", 'max by (pool) (text2video_queue_drain_seconds{pool=~"$pool"})'),
        ("{{pool}} work", 'max by (pool) (text2video_queue_work_seconds{pool=~"$pool"})'),
    ),
    Shown(
        "Jobs accepted and ended, a minute",
        units.CountsPerMinute,
        "What workers did with the jobs that they took, and what gateways took in.",
        ("accepted", "60 * sum(rate(text2video_jobs_submitted_total[$__rate_interval]))"),
        (OUTCOME, f"60 * sum by (outcome) (rate(text2video_worker_jobs_total{{{WORKERS}}}[$__rate_interval]))"),
    ),
    Shown(
        "Failures by code, in an hour",
        units.Short,
        "Of jobs that have failed for good. Three of a kind that is the fleet's own fault in half an hour fire Text2VideoJobsFailing.",
        ("{{code}}", f"sum by (code) (increase(text2video_worker_failures_total{{{WORKERS}}}[1h]))"),
    ),
    Shown(
        "Retries and dead letters, in an hour",
        units.Short,
        "What was tried again, what the queue had lost and was published again, and what was given up.",
        ("retried after a failure", f'sum(increase(text2video_worker_jobs_total{{{WORKERS},outcome="retried"}}[1h]))'),
        ("published again: {{reason}}", "sum by (reason) (increase(text2video_jobs_reaped_total[1h]))"),
        ("dead letters of gateways: {{topic}}", "sum by (topic) (increase(text2video_dead_letters_total[1h]))"),
        (
            "dead letters of workers: {{reason}}",
            f"sum by (reason) (increase(text2video_worker_dead_letters_total{{{WORKERS}}}[1h]))",
        ),
    ),
    Shown(
        "Jobs kept, by status",
        units.Short,
        "In the gateways' view. They are kept for RETENTION_AGE, and take 500 bytes of each gateway's heap.",
        ("{{status}}", "max by (status) (text2video_jobs)"),
    ),
    Shown(
        "Backlog",
        units.Short,
        "Jobs that wait in a fair order until workers will soon take them; a part of those that wait.",
        ("jobs", "max(text2video_backlog_jobs)"),
    ),
    Shown(
        "Estimates",
        units.Short,
        "How many times as long as it took a job was reckoned to take: 1 is right. Text2VideoEstimateFarOff fires beyond 0.5 and 2.",
        ("mean", mean("text2video_worker_estimate_ratio", "job", f"{{{WORKERS}}}")),
    ),
]

WORK = [
    Shown(
        "Workers",
        units.Short,
        "That Prometheus asks, that are ready, and that have a job.",
        ("asked", f"count(up{{{WORKERS}}})"),
        ("ready", f"sum(text2video_worker_ready{{{WORKERS}}})"),
        ("busy", f"sum(text2video_worker_busy{{{WORKERS}}})"),
    ),
    Shown(
        "Time by stage, on average",
        units.Seconds,
        "Of completed jobs. queue is from the request to the start; load is each loading of a model.",
        ("{{stage}}", mean("text2video_worker_stage_seconds", "stage", f"{{{WORKERS}}}")),
    ),
    Shown(
        "A denoising step",
        units.Seconds,
        "Of all workers.",
        ("median", quantile(0.5, "text2video_worker_step_seconds")),
        ("95 %", quantile(0.95, "text2video_worker_step_seconds")),
    ),
    Shown(
        "GPU memory",
        units.BytesIEC,
        "Of each GPU that a worker computes on, used by whichever process, and free.",
        ("{{instance}} {{gpu}} {{state}}", "text2video_worker_gpu_memory_bytes"),
    ),
    Shown(
        "Room on workers' disks",
        units.BytesIEC,
        "In the directory for videos in the making. Text2VideoWorkerDisk fires below 1 GiB; below WORKER_MIN_FREE_DISK no job is taken.",
        (INSTANCE, f"text2video_worker_disk_free_bytes{{{WORKERS}}}"),
    ),
    Shown(
        "Steps not taken twice, in an hour",
        units.Short,
        "That another attempt had taken, and whose state was kept: what interruptions did not cost.",
        ("steps", f"sum(increase(text2video_worker_resumed_steps_total{{{WORKERS}}}[1h]))"),
    ),
]

API = [
    Shown(
        "Requests a second, by status",
        units.RequestsPerSecond,
        "Of all gateways.",
        ("{{status}}", f"sum by (status) (rate({REQUESTS}[$__rate_interval]))"),
    ),
    Shown(
        "Requests answered with a 5xx",
        units.PercentUnit,
        "503 when the broker or the store is away, or a bound is reached. Text2VideoRequestsFailing fires above 5 %.",
        (
            "5xx",
            f'(sum(rate(http_server_requests_seconds_count{{{GATEWAYS},status=~"5..",status!="501"}}[$__rate_interval])) or vector(0))'
            f" / (sum(rate({REQUESTS}[$__rate_interval])) > 0)",
        ),
    ),
    Shown(
        "Latency, on average",
        units.Seconds,
        "From the request's head to the end of the answer, so of a download or a stream of events until the client has it all.",
        ("{{method}} {{uri}}", mean("http_server_requests_seconds", "method, uri", f"{{{GATEWAYS}}}")),
    ),
    Shown(
        "View lag",
        units.Short,
        "Records that a gateway has not read yet: its answers are as old. Text2VideoViewBehind fires above 10,000.",
        (INSTANCE, "text2video_view_lag"),
    ),
    Shown(
        "Heap after a collection",
        units.PercentUnit,
        "Of what lives long. Text2VideoGatewayHeap fires above 85 %.",
        (INSTANCE, f'jvm_memory_usage_after_gc{{{GATEWAYS},area="heap"}}'),
    ),
    Shown(
        "JVM heap",
        units.BytesIEC,
        "Used and the most that it may be. Models are not in a worker's heap.",
        ("{{job}} {{instance}} used", 'sum by (job, instance) (jvm_memory_used_bytes{area="heap",job=~"text2video-.*"})'),
        ("{{job}} {{instance}} most", 'sum by (job, instance) (jvm_memory_max_bytes{area="heap",job=~"text2video-.*"} > 0)'),
    ),
    Shown(
        "Streams of events",
        units.Short,
        "Clients that follow jobs, each with a connection.",
        (INSTANCE, "text2video_event_streams"),
    ),
    Shown(
        "Failed calls of the store, in ten minutes",
        units.Short,
        "Of gateways and workers. Text2VideoStoreFailing fires above ten of one of them.",
        ("{{job}} {{instance}}", "sum by (job, instance) (increase(text2video_store_failures_total[10m]))"),
    ),
    Shown(
        "Since a broker was heard",
        units.DurationSeconds,
        "Asked anew every five minutes. Text2VideoBrokerUnreachable fires above ten.",
        (INSTANCE, f"kafka_producer_metadata_age{{{GATEWAYS}}}"),
    ),
]

WEBHOOKS = [
    Shown(
        "Calls a minute, by what follows",
        units.CountsPerMinute,
        "delivered; retried, when a later one follows; given_up after the last.",
        (OUTCOME, "60 * sum by (outcome) (rate(text2video_webhooks_total[$__rate_interval]))"),
    ),
    Shown(
        "A call takes",
        units.Seconds,
        "On average, from its turn to the answer: taken (2xx), failed, or refused (410).",
        ("{{answer}}", mean("text2video_webhook_call_seconds", "answer")),
    ),
    Shown(
        "What waits",
        units.Short,
        "Webhooks, retries and commands that are not done, due or not; and hosts that are not called.",
        ("{{topic}}", "sum by (topic) (text2video_records_waiting)"),
        ("hosts paused", "max(text2video_webhook_hosts_paused)"),
    ),
]


def main():
    board = (
        dashboard.Dashboard("Text2Video Fleet")
        .uid("text2video-fleet")
        .description("Jobs, workers, gateways and webhooks of a fleet. docs/operations.md says what to do about what it shows.")
        .tags(["text2video"])
        .timezone("browser")
        .refresh("30s")
        .time("now-6h", "now")
        .readonly()
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(
            dashboard.QueryVariable("pool")
            .label("Pool")
            .datasource(SOURCE)
            .query("label_values(text2video_queue_jobs, pool)")
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(VariableSort.ALPHABETICAL_ASC)
            .multi(True)
            .include_all(True)
            .all_value(".*")
            .current(VariableOption(selected=True, text="All", value="$__all"))
        )
    )
    number = 0
    for title, panels in [("", AT_A_GLANCE), ("Jobs", JOBS), ("Workers", WORK), ("Gateways", API), ("Webhooks", WEBHOOKS)]:
        if title:
            number += 1
            board.with_row(dashboard.Row(title).id(number))
        for panel in panels:
            number += 1
            board.with_panel(panel.build(number))
    print(JSONEncoder(sort_keys=True, indent=2).encode(board.build()))


if __name__ == "__main__":
    main()
