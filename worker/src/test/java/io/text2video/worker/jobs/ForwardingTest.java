package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Pool;
import io.text2video.worker.shelf.FleetModels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ForwardingTest extends JobRunnerFixture {
    private static final Pool LARGE = new Pool("large");
    private static final Pool HUGE = new Pool("huge");

    @BeforeAll
    static void announce() throws Exception {
        fleet.add(LARGE);
        fleet.add(HUGE);
        new FleetModels(fleet.kafka())
                .announce(List.of(
                        card("blob", Pool.DEFAULT.topic()),
                        card("large-model", LARGE.topic()),
                        card("huge-model", HUGE.topic()),
                        card("moved", Pool.DEFAULT.topic()),
                        card("astray", "video.webhooks")));
    }

    @Test
    void shouldForwardAJobToThePoolThatHasItsModelAsItCame() throws Exception {
        // Given a job on the default topic for another pool's model
        TestDelivery delivery = TestDelivery.of(request("large-model", VideoParameters.DEFAULTS));
        delivery.record().headers().add("traceparent", "00-1-2-01".getBytes(UTF_8));

        // When a worker of the default pool gets it
        Outcome outcome = runner.run(delivery);

        // Then the other pool has it, and the job is still queued
        assertThat(outcome).isEqualTo(Outcome.FORWARDED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(fleet.records(LARGE.topic(), id)).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo(delivery.record().value());
            assertThat(record.timestamp()).isEqualTo(delivery.record().timestamp());
            assertThat(record.headers().lastHeader("traceparent").value()).isEqualTo("00-1-2-01".getBytes(UTF_8));
            assertThat(record.headers().lastHeader(Lineage.FORWARDED_FROM).value())
                    .isEqualTo("video.requests".getBytes(UTF_8));
        });
        assertThat(states()).isEmpty();
        assertThat(pipeline.generated).isEmpty();
    }

    @Test
    void shouldForwardFromAPoolBackToTheDefaultOne() {
        JobRunner large = runner(
                LARGE,
                fleet.store,
                stop,
                List.of(model("large-model", BlobPipeline.FROM_PROMPT)),
                Map.of("large-model", pipeline));
        TestDelivery delivery = TestDelivery.of(request("blob", VideoParameters.DEFAULTS));

        Outcome outcome = large.run(delivery);

        assertThat(outcome).isEqualTo(Outcome.FORWARDED);
        assertThat(fleet.records(Pool.DEFAULT.topic(), id)).hasSize(1);
    }

    @Test
    void shouldNotForwardToWhereTheJobHasBeen() throws Exception {
        // Given a job that has left the pool which is said to have its model
        TestDelivery delivery = TestDelivery.of(request("huge-model", VideoParameters.DEFAULTS));
        delivery.record().headers().add(Lineage.FORWARDED_FROM, HUGE.topic().getBytes(UTF_8));

        // When it comes here
        Outcome outcome = runner.run(delivery);

        // Then it is nobody's
        assertUnknown(outcome, delivery);
        assertThat(fleet.records(HUGE.topic(), id)).isEmpty();
    }

    @Test
    void shouldFailWhenTheCardPointsHere() throws Exception {
        TestDelivery delivery = TestDelivery.of(request("moved", VideoParameters.DEFAULTS));
        delivery.record().headers().add(Lineage.FORWARDED_FROM, LARGE.topic().getBytes(UTF_8));

        Outcome outcome = runner.run(delivery);

        assertUnknown(outcome, delivery);
    }

    @Test
    void shouldNotForwardToATopicThatIsNoPools() throws Exception {
        TestDelivery delivery = TestDelivery.of(request("astray", VideoParameters.DEFAULTS));

        Outcome outcome = runner.run(delivery);

        assertUnknown(outcome, delivery);
        assertThat(fleet.records("video.webhooks", id)).hasSize(1); // the job's own, of its end
    }

    @Test
    void shouldListEveryKnownModelWhenNoWorkerHasIt() throws Exception {
        TestDelivery delivery = TestDelivery.of(request("nobody-has/this", VideoParameters.DEFAULTS));

        Outcome outcome = runner.run(delivery);

        JobSnapshot failed = assertUnknown(outcome, delivery);
        assertThat(failed.error().message())
                .contains("\"nobody-has/this\"", "\"blob\"", "\"huge-model\"", "\"large-model\"");
    }

    @Test
    void shouldLeaveTheJobToAnotherWorkerWhenTheJobIsLost() {
        TestDelivery delivery = TestDelivery.of(request("large-model", VideoParameters.DEFAULTS));
        delivery.lost = true;

        Outcome outcome = runner.run(delivery);

        assertThat(outcome).isEqualTo(Outcome.LOST);
        assertThat(fleet.records(LARGE.topic(), id)).isEmpty();
    }

    private JobSnapshot assertUnknown(Outcome outcome, TestDelivery delivery) throws Exception {
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(delivery.end).isEqualTo("accepted");
        JobSnapshot failed = states().get(0);
        assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
        assertThat(failed.error().code()).isEqualTo(ErrorCode.UNKNOWN_MODEL);
        assertThat(failed.error().param()).isEqualTo("model");
        return failed;
    }

    private static ModelCard card(String id, String topic) {
        return new ModelCard(
                ModelCard.VERSION,
                id,
                "CogVideoXPipeline",
                topic,
                true,
                BlobPipeline.FROM_PROMPT.defaults(),
                BlobPipeline.FROM_PROMPT.limits(),
                null,
                List.of(),
                Map.of(),
                false,
                Instant.now());
    }
}
