package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobIndexTest {
    private static final AttemptId FIRST = new AttemptId(1, 1);

    private final JobIndex index = new JobIndex(Duration.ZERO);

    @Test
    void shouldKeepTheLaterStateWhicheverIsReadFirst() {
        JobId id = JobId.next();

        index.put(Jobs.completed(id, 7));
        index.put(Jobs.queued(id));
        index.put(Jobs.started(id));

        assertThat(index.find(id).orElseThrow().snapshot().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(index.count(JobStatus.COMPLETED)).isEqualTo(1);
        assertThat(index.count(JobStatus.QUEUED)).isZero();
    }

    @Test
    void shouldPageThroughAllJobsInBothOrders() {
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            ids.add(JobId.next());
            index.put(Jobs.queued(ids.get(i), Jobs.TIME.plusSeconds(i / 2), null));
        }

        assertThat(pages(Order.OLDEST_FIRST)).isEqualTo(ids);
        Collections.reverse(ids);
        assertThat(pages(Order.NEWEST_FIRST)).isEqualTo(ids);
    }

    @Test
    void shouldListAJobOnceWhenItsTimeOfCreationIsCorrected() {
        JobId id = JobId.next();
        index.put(Jobs.queued(id, Jobs.TIME, null));

        index.put(Jobs.started(Jobs.queued(id, Jobs.TIME.plusSeconds(9), null)));

        assertThat(index.page(null, 10, Order.OLDEST_FIRST, JobFilter.NONE).jobs())
                .hasSize(1);
    }

    @Test
    void shouldForgetAJob() {
        JobId id = JobId.next();
        index.put(Jobs.queued(id));

        index.remove(id);

        assertThat(index.find(id)).isEmpty();
        assertThat(index.page(null, 10, Order.OLDEST_FIRST, JobFilter.NONE).jobs())
                .isEmpty();
        assertThat(index.count(JobStatus.QUEUED)).isZero();
    }

    @Test
    void shouldCountOnlyTheProgressOfTheAttemptThatRuns() {
        JobId id = JobId.next();
        index.put(Jobs.started(id));

        index.put(id, new JobProgress(FIRST, 40, 100));
        index.put(id, new JobProgress(FIRST, 20, 100));
        assertThat(index.find(id).orElseThrow().progress()).isEqualTo(40);

        index.put(id, new JobProgress(new AttemptId(1, 2), 10, 100));
        assertThat(index.find(id).orElseThrow().progress()).isZero();
    }

    @Test
    void shouldTellHowManyFramesAreDecodedOfTheAttemptThatRuns() {
        JobId id = JobId.next();
        index.put(Jobs.started(id));
        index.put(id, new JobProgress(FIRST, 100, 100));
        assertThat(index.find(id).orElseThrow().decodedFrames()).isNull();

        index.put(id, new JobProgress(FIRST, 100, 100, 9));
        index.put(id, new JobProgress(FIRST, 100, 100, 5));
        assertThat(index.find(id).orElseThrow().decodedFrames()).isEqualTo(9);

        index.put(Jobs.completed(id, 7));
        assertThat(index.find(id).orElseThrow().decodedFrames()).isNull();
    }

    @Test
    void shouldTellOfTheNewestPreviewOfTheAttemptThatRuns() {
        JobId id = JobId.next();
        index.put(Jobs.started(id));
        index.put(id, new JobProgress(FIRST, 10, 100));
        assertThat(index.find(id).orElseThrow().previewStep()).isNull();

        assertThat(index.put(id, new JobProgress(FIRST, 10, 100, 0, 9))).isTrue();
        assertThat(index.put(id, new JobProgress(FIRST, 10, 100, 0, 8))).isFalse();
        assertThat(index.find(id).orElseThrow().previewStep()).isEqualTo(9);

        index.put(Jobs.completed(id, 7));
        assertThat(index.find(id).orElseThrow().previewStep()).isNull();
    }

    @Test
    void shouldTellWhatItsWorkerIsAt() {
        JobId id = JobId.next();
        index.put(Jobs.queued(id));
        assertStage(id, null, null);

        index.put(id, new JobProgress(new AttemptId(1, 2), 25, 25));
        index.put(Jobs.started(id));
        assertStage(id, VideoStage.DENOISING, 0);

        id = JobId.next();
        index.put(Jobs.started(id));
        index.put(id, new JobProgress(FIRST, 24, 25));
        assertStage(id, VideoStage.DENOISING, 24);

        index.put(id, new JobProgress(FIRST, 25, 25));
        assertStage(id, VideoStage.DECODING, 25);

        index.put(id, new JobProgress(FIRST, 25, 25, 16));
        assertStage(id, VideoStage.DECODING, 25);

        index.put(id, new JobProgress(FIRST, 25, 25, 17));
        assertStage(id, VideoStage.UPLOAD, 25);

        index.put(Jobs.completed(id, 7));
        assertStage(id, null, null);
    }

    private void assertStage(JobId id, VideoStage stage, Integer step) {
        Job job = index.find(id).orElseThrow();
        assertThat(job.stage()).isEqualTo(stage);
        assertThat(job.step()).isEqualTo(step);
    }

    @Test
    void shouldSayWhetherAJobIsShownOtherwise() {
        JobId id = JobId.next();

        assertThat(index.put(id, new JobProgress(FIRST, 1, 100))).as("unknown").isFalse();
        assertThat(index.put(Jobs.queued(id))).isTrue();
        assertThat(index.put(Jobs.queued(id))).as("again").isFalse();
        assertThat(index.put(Jobs.started(id))).isTrue();
        assertThat(index.put(id, new JobProgress(FIRST, 1, 100))).isTrue();
        assertThat(index.put(id, new JobProgress(FIRST, 1, 100))).as("repeated").isFalse();
        assertThat(index.put(Jobs.completed(id, 7))).isTrue();
        assertThat(index.put(Jobs.started(id))).as("late").isFalse();
        assertThat(index.put(Jobs.completed(id, 7).deleted())).isTrue();
        assertThat(index.remove(id)).as("shown to nobody").isFalse();
        assertThat(index.remove(id)).as("unknown").isFalse();
    }

    @Test
    void shouldLeaveTheLastPercentToTheEnd() {
        JobId id = JobId.next();
        index.put(Jobs.started(id));

        index.put(id, new JobProgress(FIRST, 100, 100));
        assertThat(index.find(id).orElseThrow().progress()).isEqualTo(99);

        index.put(Jobs.completed(id, 7));
        assertThat(index.find(id).orElseThrow().progress()).isEqualTo(100);
    }

    @Test
    void shouldTellWhenAJobExpires() {
        JobId id = JobId.next();
        var keepsAnHour = new JobIndex(Duration.ofHours(1));

        keepsAnHour.put(Jobs.started(id));
        assertThat(keepsAnHour.find(id).orElseThrow().expiresAt()).isNull();

        keepsAnHour.put(Jobs.completed(id, 7));
        assertThat(keepsAnHour.find(id).orElseThrow().expiresAt())
                .isEqualTo(Jobs.completed(id, 7).completedAt().plus(Duration.ofHours(1)));
    }

    private List<JobId> pages(Order order) {
        List<JobId> ids = new ArrayList<>();
        JobPage page = index.page(null, 4, order, JobFilter.NONE);
        page.jobs().forEach(job -> ids.add(job.id()));
        while (page.more()) {
            page = index.page(page.jobs().get(page.jobs().size() - 1), 4, order, JobFilter.NONE);
            page.jobs().forEach(job -> ids.add(job.id()));
        }
        return ids;
    }
}
