package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In whatever order records come, the index knows what a plain map would, to which the rule of the states is applied. */
class JobIndexOrderTest {
    private static final int JOBS = 40;
    private static final int RECORDS = 2_000;
    private static final Comparator<JobSnapshot> BY_CREATION =
            Comparator.comparing(JobSnapshot::createdAt).thenComparing(JobSnapshot::id);
    private static final Comparator<JobSnapshot> BY_END = Comparator.comparing(JobSnapshot::completedAt);

    private final JobIndex index = new JobIndex(Duration.ZERO);
    private final Map<JobId, JobSnapshot> naive = new HashMap<>();
    private final Map<JobId, JobProgress> heard = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldKnowWhatAPlainMapKnows(long seed) {
        var random = new Random(seed);
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            // Ids of any version: their order need not be that of their creation.
            ids.add(i % 2 == 0 ? JobId.next() : new JobId(new UUID(random.nextLong(), random.nextLong())));
        }

        for (int i = 0; i < RECORDS; i++) {
            JobId id = ids.get(random.nextInt(JOBS));
            switch (random.nextInt(20)) {
                case 0 -> remove(id);
                case 1, 2, 3, 4 -> put(id, new JobProgress(attempt(random), random.nextInt(101), 100));
                default -> put(snapshot(id, random));
            }
            if (i % 100 == 99) {
                expectTheSame(ids);
            }
        }
    }

    private void put(JobSnapshot snapshot) {
        JobSnapshot known = naive.get(snapshot.id());
        boolean news = known == null || snapshot.supersedes(known);
        assertThat(index.lacks(snapshot.id(), snapshot.status(), snapshot.attemptId()))
                .isEqualTo(news);
        if (news) {
            naive.put(snapshot.id(), snapshot);
        }
        index.put(snapshot);
    }

    private void put(JobId id, JobProgress progress) {
        if (naive.containsKey(id) && progress.supersedes(heard.getOrDefault(id, JobProgress.NONE))) {
            heard.put(id, progress);
        }
        index.put(id, progress);
    }

    private void remove(JobId id) {
        naive.remove(id);
        heard.remove(id);
        index.remove(id);
    }

    private void expectTheSame(List<JobId> ids) {
        for (JobId id : ids) {
            JobSnapshot known = naive.get(id);
            if (known == null || known.status() == JobStatus.DELETED) {
                assertThat(index.find(id)).isEmpty();
            } else {
                Job found = index.find(id).orElseThrow();
                assertThat(found.snapshot()).isEqualTo(known);
                assertThat(found.progress())
                        .isEqualTo(new Job(known, heard.getOrDefault(id, JobProgress.NONE)).progress());
            }
        }
        for (JobStatus status : JobStatus.values()) {
            assertThat(index.count(status))
                    .isEqualTo(those(job -> job.status() == status, BY_CREATION).size());
        }
        List<JobSnapshot> inOrder = those(job -> job.status() != JobStatus.DELETED, BY_CREATION);
        assertThat(pages(Order.OLDEST_FIRST)).isEqualTo(inOrder);
        assertThat(pages(Order.NEWEST_FIRST))
                .isEqualTo(inOrder.stream().sorted(BY_CREATION.reversed()).toList());
        Instant early = Jobs.TIME.plusSeconds(20);
        Instant middle = Jobs.TIME.plusSeconds(50);
        assertThat(index.endedBetween(early, middle, JOBS))
                .isSortedAccordingTo(BY_END)
                .containsExactlyInAnyOrderElementsOf(those(
                        job -> job.status().isTerminal()
                                && !job.completedAt().isBefore(early)
                                && job.completedAt().isBefore(middle),
                        BY_END));
        assertThat(index.keptBefore(middle, JOBS))
                .isSortedAccordingTo(BY_END)
                .containsExactlyInAnyOrderElementsOf(those(
                        job -> job.status().isTerminal()
                                && job.status() != JobStatus.DELETED
                                && job.completedAt().isBefore(middle),
                        BY_END));
        assertThat(index.deletedBefore(middle, JOBS))
                .isSortedAccordingTo(BY_END)
                .containsExactlyInAnyOrderElementsOf(those(
                        job -> job.status() == JobStatus.DELETED
                                && job.completedAt().isBefore(middle),
                        BY_END));
    }

    private List<JobSnapshot> those(Predicate<JobSnapshot> condition, Comparator<JobSnapshot> order) {
        return naive.values().stream().filter(condition).sorted(order).toList();
    }

    private List<JobSnapshot> pages(Order order) {
        JobPage page = index.page(null, 7, order, JobFilter.NONE);
        List<Job> jobs = new ArrayList<>(page.jobs());
        while (page.more()) {
            page = index.page(jobs.get(jobs.size() - 1), 7, order, JobFilter.NONE);
            jobs.addAll(page.jobs());
        }
        return snapshots(jobs);
    }

    private static List<JobSnapshot> snapshots(List<Job> jobs) {
        return jobs.stream().map(Job::snapshot).toList();
    }

    /** Any state of any attempt, and sometimes another time of creation than was read before. */
    private static JobSnapshot snapshot(JobId id, Random random) {
        Instant created = Jobs.TIME.plusSeconds(Math.floorMod(id.hashCode(), 3) + random.nextInt(20) / 19);
        var request = new VideoRequest(
                VideoRequest.VERSION, id, "m", "prompt " + random.nextInt(9), Jobs.PARAMETERS, null, null, created);
        JobSnapshot queued = JobSnapshot.queued(request, created, 1 + random.nextInt(3));
        AttemptId attempt = attempt(random);
        JobSnapshot started =
                queued.started(attempt, "worker-1", "m", Jobs.PARAMETERS, null, null, created.plusSeconds(1));
        Instant end = Jobs.TIME.plusSeconds(random.nextInt(100));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> queued;
            case 3, 4, 5, 6, 7 -> started;
            case 8 ->
                started.completed(
                        new VideoFile(
                                ObjectKeys.video(id, attempt), ObjectKeys.poster(id, attempt), 7, 96, 64, 17, 8, 2.125),
                        new StageTimings(1, 2, 3, 4, 5, 6),
                        null,
                        end);
            case 9 -> queued.failed(attempt, "worker-1", new JobError(ErrorCode.OUT_OF_MEMORY, "no", null), end);
            case 10 -> started.cancelled(end);
            default -> started.cancelled(end).deleted();
        };
    }

    private static AttemptId attempt(Random random) {
        return new AttemptId(1 + random.nextInt(3), 1 + random.nextInt(3));
    }
}
