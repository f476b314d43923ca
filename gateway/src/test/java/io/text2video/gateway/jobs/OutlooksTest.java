package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.Jobs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a model whose steps take a second each. */
class OutlooksTest {
    private static final Instant NOW = Jobs.TIME;
    private static final String POOL = Cards.LARGE.topic();
    private static final String OTHER_POOL = Cards.IMAGE.topic();
    private static final String MODEL = Cards.COGVIDEOX_5B.id();
    private static final ModelCost A_SECOND_A_STEP = new ModelCost(226, 1, 0, 1, 0, 0, 0);

    private final OpenJobs open = new OpenJobs();
    private final ModelCatalog models = new ModelCatalog();
    private final SetClock clock = new SetClock();
    private final Outlooks outlooks = new Outlooks(open, models, clock);
    private long offset;

    @BeforeEach
    void announce() {
        models.put(Cards.with(A_SECOND_A_STEP, Cards.COGVIDEOX_5B));
    }

    @Test
    void shouldCountTheJobsOfThePoolThatAreBefore() {
        JobId first = queued(POOL, 10);
        queued(OTHER_POOL, 10);
        JobId second = queued(POOL, 10);
        JobId third = queued(POOL, 10);

        assertThat(outlooks.of(first).queuePosition()).isZero();
        assertThat(outlooks.of(second).queuePosition()).isEqualTo(1);
        assertThat(outlooks.of(third).queuePosition()).isEqualTo(2);
    }

    @Test
    void shouldGiveEachJobToTheWorkerThatIsFreeFirst() {
        // Two workers, one of which has 5 s to go and the other 12
        running(POOL, "w1", 5);
        running(POOL, "w2", 12);
        running(OTHER_POOL, "w3", 1);
        JobId first = queued(POOL, 20);
        JobId second = queued(POOL, 30);
        JobId third = queued(POOL, 1);

        assertThat(outlooks.of(first)).isEqualTo(new Outlook(0, NOW.plusSeconds(5), 20.0));
        assertThat(outlooks.of(second)).isEqualTo(new Outlook(1, NOW.plusSeconds(12), 30.0));
        assertThat(outlooks.of(third)).isEqualTo(new Outlook(2, NOW.plusSeconds(25), 1.0));
    }

    @Test
    void shouldCountTheStepsOfAnEditThatItsStrengthLeaves() {
        JobId edit = queued(POOL, MODEL, 20, new VideoReference("inputs/a", Operation.EDIT, 0.25));
        JobId usual = queued(POOL, MODEL, 20, new VideoReference("inputs/a", Operation.EDIT, null));
        JobId along = queued(POOL, MODEL, 20, new VideoReference("inputs/a", Operation.CONTROL, null));

        assertThat(outlooks.of(edit).seconds()).isEqualTo(5);
        assertThat(outlooks.of(usual).seconds()).isEqualTo(16);
        assertThat(outlooks.of(along).seconds()).isEqualTo(20);
    }

    @Test
    void shouldCountAWorkerThatStoresOneJobAndDrawsTheNextOnce() {
        running(POOL, "w1", -1);
        running(POOL, "w1", 8);
        JobId next = queued(POOL, 20);

        assertThat(outlooks.of(next).start()).isEqualTo(NOW.plusSeconds(8));
    }

    @Test
    void shouldNotPretendToKnowWhenAWorkerIsFreeThatCannotTell() {
        running(POOL, "w1", 5);
        start(queued(POOL, 20), "w2", null);
        JobId next = queued(POOL, 20);

        assertThat(outlooks.of(next)).isEqualTo(new Outlook(0, null, 20.0));
    }

    @Test
    void shouldExpectAJobNowWhereAWorkerIsLate() {
        running(POOL, "w1", 5);
        JobId next = queued(POOL, 20);
        clock.now = NOW.plusSeconds(60);

        assertThat(outlooks.of(next).start()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void shouldNotPretendToKnowWhereNoWorkerIsAtWork() {
        JobId waiting = queued(POOL, 20);

        assertThat(outlooks.of(waiting)).isEqualTo(new Outlook(0, null, 20.0));
    }

    @Test
    void shouldNotPretendToKnowWhatComesAfterAJobThatNobodyCanReckon() {
        running(POOL, "w1", 5);
        JobId unknown = queued(POOL, "no/such-model", 20);
        JobId behind = queued(POOL, 20);

        assertThat(outlooks.of(unknown)).isEqualTo(new Outlook(0, NOW.plusSeconds(5), null));
        assertThat(outlooks.of(behind)).isEqualTo(new Outlook(1, null, 20.0));
    }

    @Test
    void shouldMoveUpAsJobsBeginAndEnd() {
        JobId first = queued(POOL, 10);
        JobId second = queued(POOL, 10);
        assertThat(outlooks.of(second).queuePosition()).isEqualTo(1);

        start(first, "w1", 10.0);
        clock.now = NOW.plusSeconds(2);

        assertThat(outlooks.of(second)).isEqualTo(new Outlook(0, NOW.plusSeconds(10), 10.0));
        open.forget(first);
        clock.now = NOW.plusSeconds(4);
        assertThat(outlooks.of(second)).isEqualTo(new Outlook(0, null, 10.0));
    }

    @Test
    void shouldKnowAJobThatHasJustCome() {
        JobId first = queued(POOL, 10);
        assertThat(outlooks.of(first).queuePosition()).isZero();

        JobId second = queued(POOL, 10);

        assertThat(outlooks.of(second).queuePosition()).isEqualTo(1);
    }

    @Test
    void shouldGiveNoPlaceToAJobThatWaitsForItsRetry() {
        running(POOL, "w1", 5);
        JobId retried = queued(POOL, 10);
        JobId next = queued(POOL, 10);
        open.waits(retried, 2, Duration.ofMinutes(5));

        assertThat(outlooks.of(retried)).isEqualTo(new Outlook(null, null, 10.0));
        assertThat(outlooks.of(next).queuePosition()).isZero();
    }

    @Test
    void shouldExpectNothingOfAJobItDoesNotKnow() {
        assertThat(outlooks.of(JobId.next())).isEqualTo(Outlook.NONE);
    }

    @Test
    void shouldTellHowMuchAPoolHasToDo() {
        // Given two workers, busy for 5 and for 30 seconds, and jobs of 10, 20 and 40
        running(POOL, "w1", 5);
        running(POOL, "w2", 30);
        queued(POOL, 10);
        queued(POOL, 20);
        queued(Topic.BACKLOG.topicName(), 40);
        clock.now = NOW.plusSeconds(3);

        // Then the first takes 10 and 20 from the 5th second on, the second 40 from the 30th: at 3 s, 67 are left
        assertThat(outlooks.ofPools()).containsExactly(Map.entry(POOL, new PoolOutlook(3, 2, 3, 2 + 27 + 70, 67)));
    }

    @Test
    void shouldNotGuessWhenAPoolIsDoneThatNobodyWorksFor() {
        queued(POOL, 10);

        assertThat(outlooks.ofPools()).containsExactly(Map.entry(POOL, new PoolOutlook(1, 0, 0, 10, Double.NaN)));
    }

    private JobId queued(String topic, int steps) {
        return queued(topic, MODEL, steps);
    }

    private JobId queued(String topic, String model, int steps) {
        return queued(topic, model, steps, null);
    }

    private JobId queued(String topic, String model, int steps, VideoReference video) {
        JobId id = JobId.next();
        var parameters =
                new VideoParameters(null, steps, null, null, null, null, null, null, null, null, null, null, null);
        open.requested(
                id,
                new RequestPlace(topic, 0, offset++, 1, 0),
                new Work(Tenant.DEFAULT, Priority.NORMAL, NOW, model, parameters, video));
        return id;
    }

    private void running(String topic, String worker, double secondsLeft) {
        start(queued(topic, 100), worker, secondsLeft);
    }

    private void start(JobId id, String worker, Double seconds) {
        JobSnapshot started =
                Jobs.queued(id).started(new AttemptId(1, 1), worker, MODEL, Jobs.PARAMETERS, null, seconds, NOW);
        open.stands(JobHeader.of(started));
    }

    private static final class SetClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
