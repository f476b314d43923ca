package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.size.TypicalJobs;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Tag("waits")
class JobIndexSizeTest {
    private static final int JOBS = 100_000;
    /** A million then leaves a third of a heap of 1 GiB to all else. */
    private static final long MOST_BYTES = 640;

    @Test
    void shouldHoldTypicalJobsInLittleMemory() {
        long before = used();
        var index = new JobIndex(Duration.ZERO);
        for (int i = 0; i < JOBS; i++) {
            index.put(TypicalJobs.MEASURED.completed(i));
        }

        long bytes = (used() - before) / JOBS;

        System.out.printf("%d bytes a job%n", bytes);
        assertThat(index.count(JobStatus.COMPLETED)).isEqualTo(JOBS);
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void shouldPageThroughVeryManyJobs() {
        var index = new JobIndex(Duration.ZERO);
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            ids.add(TypicalJobs.MEASURED.id(i));
            // Every third still waits; none is read in the order of creation.
            int read = (int) (i * 7_919L % JOBS);
            index.put(read % 3 == 0 ? TypicalJobs.MEASURED.started(read) : TypicalJobs.MEASURED.completed(read));
        }

        List<JobId> listed = new ArrayList<>();
        JobPage page = index.page(null, 100, Order.OLDEST_FIRST, JobFilter.NONE);
        page.jobs().forEach(job -> listed.add(job.id()));
        while (page.more()) {
            page = index.page(page.jobs().get(page.jobs().size() - 1), 100, Order.OLDEST_FIRST, JobFilter.NONE);
            page.jobs().forEach(job -> listed.add(job.id()));
        }

        assertThat(listed).isEqualTo(ids);
        assertThat(index.find(ids.get(777)).orElseThrow().snapshot()).isEqualTo(TypicalJobs.MEASURED.started(777));
        assertThat(index.find(ids.get(778)).orElseThrow().snapshot()).isEqualTo(TypicalJobs.MEASURED.completed(778));
    }

    private static long used() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
