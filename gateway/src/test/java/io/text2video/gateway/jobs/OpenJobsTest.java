package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OpenJobsTest {
    private static final String TOPIC = "video.requests";
    private static final Work WORK =
            new Work(Tenant.DEFAULT, Priority.NORMAL, Jobs.TIME, null, VideoParameters.DEFAULTS, null);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong();
    private final OpenJobs open = new OpenJobs(now::get);
    private final JobId id = JobId.next();

    @Test
    void shouldKeepTheFirstRecordOfTheNewestPublication() {
        open.requested(id, new RequestPlace(TOPIC, 0, 5, 2, 0), WORK);

        open.requested(id, new RequestPlace(TOPIC, 0, 6, 2, 0), WORK);
        open.requested(id, new RequestPlace(TOPIC, 0, 7, 1, 0), WORK);

        assertThat(only().request().offset()).isEqualTo(5);
    }

    @Test
    void shouldFollowAForwardedRecord() {
        open.requested(id, new RequestPlace("video.requests.large", 0, 0, 1, 1), WORK);

        open.requested(id, new RequestPlace(TOPIC, 0, 5, 1, 0), WORK);

        assertThat(only().request().topic()).isEqualTo("video.requests.large");
    }

    @Test
    void shouldForgetAJob() {
        open.requested(id, new RequestPlace(TOPIC, 0, 5, 1, 0), WORK);

        open.forget(id);

        assertThat(open.silentFor(Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldHearTheLatestAttemptAlone() {
        // Given a second attempt that has begun
        JobSnapshot first = Jobs.started(id);
        JobSnapshot second =
                Jobs.queued(id).started(new AttemptId(1, 2), "worker-2", "m", Jobs.PARAMETERS, null, null, Jobs.TIME);
        open.stands(JobHeader.of(second));
        pass(MINUTE);

        // When the first is heard of, nothing has been heard; when the second is, it has
        open.happened(VideoEvent.progress(first, 7, 25, Jobs.TIME));
        assertThat(open.silentFor(MINUTE)).hasSize(1);
        open.happened(VideoEvent.progress(second, 1, 25, Jobs.TIME));
        assertThat(open.silentFor(MINUTE)).isEmpty();
        assertThat(only().started()).isTrue();
    }

    @Test
    void shouldNotMissAJobThatWaitsForItsRetry() {
        open.requested(id, new RequestPlace(TOPIC, 0, 5, 1, 0), WORK);
        open.waits(id, 2, MINUTE.multipliedBy(10));

        pass(MINUTE.multipliedBy(10));

        assertThat(open.silentFor(MINUTE)).isEmpty();
        assertThat(only().awaitsRetry()).isTrue();
        assertThat(open.count(new TopicPartition(TOPIC, 0), 0, 10)).isZero();
        pass(MINUTE);
        assertThat(open.silentFor(MINUTE)).hasSize(1);
    }

    @Test
    void shouldKnowARetryBeforeItsRequest() {
        open.waits(id, 2, MINUTE.multipliedBy(10));
        open.requested(id, new RequestPlace(TOPIC, 0, 5, 1, 0), WORK);

        pass(MINUTE.multipliedBy(10));

        assertThat(open.silentFor(MINUTE)).isEmpty();
        assertThat(only().awaitsRetry()).isTrue();
    }

    @Test
    void shouldWaitADayForARetryThatIsDueInThousandsOfYears() {
        open.requested(id, new RequestPlace(TOPIC, 0, 5, 1, 0), WORK);

        open.waits(id, 2, Duration.ofSeconds(999_999_999_999L));

        assertThat(open.silentFor(Duration.ZERO)).isEmpty();
        pass(Duration.ofDays(1));
        assertThat(open.silentFor(Duration.ZERO)).hasSize(1);
    }

    @Test
    void shouldCountRequestsThatLieBetweenOffsets() {
        for (int offset = 0; offset < 10; offset++) {
            open.requested(JobId.next(), new RequestPlace(TOPIC, offset % 2, offset, 1, 0), WORK);
        }

        assertThat(open.count(new TopicPartition(TOPIC, 0), 2, 8)).isEqualTo(3);
    }

    @Test
    void shouldCountWhatWaitsAndRunsOnATopic() {
        String backlog = Topic.BACKLOG.topicName();
        // Given a job in the backlog, which its pool gets
        open.requested(id, new RequestPlace(backlog, 0, 5, 1, 0), WORK);
        assertThat(open.load(backlog)).isEqualTo(new TopicLoad(1, 0));
        open.requested(id, new RequestPlace(TOPIC, 0, 7, 1, 1), WORK);
        assertThat(open.load(backlog)).isEqualTo(TopicLoad.NONE);
        assertThat(open.load(TOPIC)).isEqualTo(new TopicLoad(1, 0));

        // When it is begun, is to be tried again, is there again, and has ended
        open.stands(JobHeader.of(Jobs.started(id)));
        assertThat(open.load(TOPIC)).isEqualTo(new TopicLoad(0, 1));
        open.waits(id, 2, MINUTE);
        assertThat(open.load(TOPIC)).isEqualTo(TopicLoad.NONE);
        open.requested(id, new RequestPlace(TOPIC, 0, 9, 2, 0), WORK);
        assertThat(open.load(TOPIC)).isEqualTo(new TopicLoad(1, 0));
        open.forget(id);

        // Then nothing is left of it
        assertThat(open.load(TOPIC)).isEqualTo(TopicLoad.NONE);
    }

    @Test
    void shouldKnowHowManyMoreATopicIsToGet() {
        assertThat(TopicLoad.NONE.room()).isEqualTo(2);
        assertThat(new TopicLoad(2, 0).room()).isZero();
        assertThat(new TopicLoad(3, 10).room()).isEqualTo(17);
        assertThat(new TopicLoad(30, 1).room()).isNegative();
    }

    private OpenJob only() {
        pass(Duration.ofDays(1));
        OpenJob job = open.silentFor(Duration.ZERO).get(0);
        pass(Duration.ofDays(-1));
        return job;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
