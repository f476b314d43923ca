package io.text2video.standalone.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run measured.
 *
 * @param faults how many of each kind
 * @param kills of them, how many were kill -9
 * @param jobs accepted
 * @param unpromised jobs that were made though no 202 was seen
 * @param ends how many jobs of each
 * @param acts of clients about their jobs, by their answers
 * @param forwarded jobs that were sent to the wrong pool
 * @param fromBacklog jobs that waited in the gateways' backlog before a pool got them
 * @param cancelledByRecord jobs that a record on {@code video.control} has cancelled
 * @param calledAfterDeletion jobs whose webhook was called when they were deleted already
 * @param lost without an end
 * @param publishedTwice with different ends or more than one video
 * @param attempts started in all
 * @param startsPerJob the most that one job needed
 * @param generations by which requests were published again
 * @param rerendered of which an attempt began only because the store was away
 * @param takeover from a worker's kill to the next attempt's start, seconds
 * @param undisturbedTakeover of these, where nothing but kills of workers and gateways happened meanwhile
 * @param repeatedSteps steps that later attempts told of again
 * @param leaving of what was sent SIGTERM, seconds
 */
record Figures(
        long seed,
        double seconds,
        Map<String, Long> faults,
        long kills,
        long jobs,
        Map<String, Long> answers,
        long unpromised,
        Map<String, Long> ends,
        Map<String, Long> acts,
        long forwarded,
        long fromBacklog,
        long cancelledByRecord,
        long calledAfterDeletion,
        long lost,
        long publishedTwice,
        long attempts,
        long startsPerJob,
        long generations,
        long rerendered,
        Distribution takeover,
        Distribution undisturbedTakeover,
        Distribution repeatedSteps,
        Distribution leaving,
        long webhookCalls,
        long webhookRepeats) {

    /** @param p99 the nearest rank */
    record Distribution(int count, double median, double p99, double max) {
        static Distribution of(Collection<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            return sorted.isEmpty()
                    ? new Distribution(0, 0, 0, 0)
                    : new Distribution(sorted.size(), rank(sorted, 0.5), rank(sorted, 0.99), rank(sorted, 1));
        }

        private static double rank(List<Double> sorted, double part) {
            return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        }
    }

    static Figures of(long seed, Duration time, History history, List<Violation> violations, List<Duration> leavings) {
        Collection<JobHistory> jobs = history.jobs().values();
        List<Takeovers.Takeover> takeovers = new Takeovers(history).all();
        return new Figures(
                seed,
                seconds(time),
                count(history.faults().stream()
                        .map(fault -> fault.kind().name())
                        .toList()),
                history.faults().stream().filter(fault -> fault.kind().isKill()).count(),
                jobs.stream().filter(JobHistory::isAccepted).count(),
                count(history.submissions().stream()
                        .map(submission -> submission.way() + " " + submission.outcome())
                        .toList()),
                jobs.stream()
                        .filter(job -> !job.isAccepted() && !job.requests().isEmpty())
                        .count(),
                count(jobs.stream()
                        .filter(job -> !job.ends().isEmpty())
                        .map(Figures::end)
                        .toList()),
                count(history.acts().stream()
                        .map(act -> act.kind() + " " + act.outcome())
                        .toList()),
                jobs.stream().filter(JobHistory::wasForwarded).count(),
                jobs.stream().filter(JobHistory::leftTheBacklog).count(),
                jobs.stream().filter(Figures::isCancelledByRecord).count(),
                jobs.stream().filter(Figures::isCalledAfterDeletion).count(),
                jobsWith(violations, Violation.Kind.NO_END),
                jobsWith(violations, Violation.Kind.DIFFERENT_ENDS),
                jobs.stream().mapToLong(job -> job.starts().size()).sum(),
                jobs.stream().mapToLong(job -> job.starts().size()).max().orElse(0),
                jobs.stream().mapToLong(Figures::republications).sum(),
                jobsWith(violations, Violation.Kind.RENDERED_AGAIN),
                Distribution.of(takeovers.stream()
                        .map(takeover -> seconds(takeover.time()))
                        .toList()),
                Distribution.of(takeovers.stream()
                        .filter(Takeovers.Takeover::undisturbed)
                        .map(takeover -> seconds(takeover.time()))
                        .toList()),
                Distribution.of(jobs.stream()
                        .flatMap(job -> RepeatedSteps.of(job).stream())
                        .map(Integer::doubleValue)
                        .toList()),
                Distribution.of(leavings.stream().map(Figures::seconds).toList()),
                history.calls().size(),
                jobs.stream()
                        .mapToLong(job -> Math.max(0, job.calls().size() - 1))
                        .sum());
    }

    private static long republications(JobHistory job) {
        return job.requests().stream()
                        .mapToInt(request -> Integer.parseInt(request.headers().getOrDefault("generation", "1")))
                        .max()
                        .orElse(1)
                - 1;
    }

    private static boolean isCancelledByRecord(JobHistory job) {
        return job.acts().stream().anyMatch(act -> act.kind() == ClientAct.Kind.CANCEL_RECORD)
                && !job.ends().isEmpty()
                && job.ends().get(0).path("status").asText().equals("cancelled");
    }

    private static boolean isCalledAfterDeletion(JobHistory job) {
        return job.deletion()
                .filter(deletion ->
                        job.calls().stream().anyMatch(call -> call.time().isAfter(deletion)))
                .isPresent();
    }

    private static String end(JobHistory job) {
        String status = job.ends().get(0).path("status").asText();
        return job.deletion().isPresent() ? status + " and deleted" : status;
    }

    private static long jobsWith(List<Violation> violations, Violation.Kind kind) {
        return violations.stream()
                .filter(violation -> violation.kind() == kind)
                .map(Violation::job)
                .distinct()
                .count();
    }

    private static Map<String, Long> count(List<String> names) {
        return names.stream().collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
