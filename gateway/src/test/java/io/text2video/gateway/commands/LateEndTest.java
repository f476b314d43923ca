package io.text2video.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.BeforeState;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway that is cut off from the broker once it has ended a job; meanwhile another tells its end, and deletes it. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class LateEndTest {
    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    StoredEnds ends;

    @Inject
    OtherPrograms others;

    private final JobId id = JobId.next();
    private EndPublisher publisher;

    @BeforeEach
    void cutOff() {
        publisher = new EndPublisher(BeforeState.clients(kafka), ends);
        BeforeState.once(job -> {
            JobSnapshot deleted =
                    ends.find(job).await().indefinitely().orElseThrow().deleted();
            ends.delete(deleted).await().indefinitely();
            others.snapshot(deleted);
        });
    }

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void shouldTellLastThatACancelledJobIsDeleted() throws Exception {
        JobSnapshot end = new Cancellation(ends, publisher, new SimpleMeterRegistry())
                .cancel(Jobs.started(id))
                .await()
                .indefinitely();

        assertThat(end.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(states()).containsExactly(JobStatus.DELETED, JobStatus.CANCELLED, JobStatus.DELETED);
    }

    @Test
    void shouldTellLastThatARefusedJobIsDeleted() throws Exception {
        var refused = new ControlMessage(
                ControlMessage.VERSION, id, ControlMessage.Action.REFUSE, Instant.parse("2026-01-02T03:04:05Z"), null);

        new Refusal(ends, publisher).end(refused).await().indefinitely();

        assertThat(states()).containsExactly(JobStatus.DELETED, JobStatus.FAILED, JobStatus.DELETED);
    }

    private List<JobStatus> states() throws Exception {
        List<JobStatus> states = new ArrayList<>();
        for (var record :
                TopicRecords.of(kafka.get("bootstrap.servers").toString(), Topic.JOBS.topicName(), id.toString())) {
            states.add(JsonCodec.read(record.value(), JobSnapshot.class).status());
        }
        return states;
    }
}
