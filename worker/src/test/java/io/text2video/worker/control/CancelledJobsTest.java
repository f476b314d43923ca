package io.text2video.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancelledJobsTest {
    @Test
    void shouldRememberTheLatest() {
        // Given room for two, and one that is told of again
        List<JobId> jobs = List.of(JobId.next(), JobId.next(), JobId.next());
        var cancelled = new CancelledJobs(2);
        cancelled.add(jobs.get(0));
        cancelled.add(jobs.get(1));
        cancelled.add(jobs.get(0));

        cancelled.add(jobs.get(2));

        assertThat(jobs).filteredOn(cancelled::contains).containsExactly(jobs.get(0), jobs.get(2));
    }
}
