package io.text2video.gateway.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ExpiredRequestsTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Pool LARGE = new Pool("large");

    private EmbeddedServices services;
    private Map<String, Object> kafka;
    private Admin admin;

    @BeforeEach
    void start() {
        services = EmbeddedServices.temporary();
        kafka = Map.of("bootstrap.servers", services.bootstrapServers());
        TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30), LARGE);
        admin = Admin.create(kafka);
    }

    @AfterEach
    void stop() {
        admin.close();
        services.close();
    }

    @Test
    void shouldTakeAllWhereThereIsNoRequest() throws Exception {
        List<JobSnapshot> jobs = List.of(ended(20), ended(9));

        assertThat(new ExpiredRequests(admin).among(jobs)).isEqualTo(jobs);
    }

    @Test
    void shouldTakeThoseThatEndedBeforeTheEarliestRequestThatIsStillThere() throws Exception {
        JobSnapshot longAgo = ended(20);
        request(LARGE.topic(), 6);
        request(Topic.REQUESTS.topicName(), 1);

        assertThat(new ExpiredRequests(admin).among(List.of(longAgo, ended(5)))).containsExactly(longAgo);
        assertThat(new ExpiredRequests(admin).among(List.of(ended(5)))).isEmpty();
    }

    @Test
    void shouldTakeOnesWhoseRequestsTheBrokerHasRemoved() throws Exception {
        List<JobSnapshot> jobs = List.of(ended(9));
        request(LARGE.topic(), 10);
        request(LARGE.topic(), 1);
        var partition = new TopicPartition(LARGE.topic(), 0);

        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                .all()
                .get();

        assertThat(new ExpiredRequests(admin).among(jobs)).isEqualTo(jobs);
    }

    @Test
    void shouldWaitForRequestsThatAreToRunAgain() throws Exception {
        request(Topic.RETRY.topicName(), 6);

        assertThat(new ExpiredRequests(admin).among(List.of(ended(6)))).isEmpty();
    }

    @Test
    void shouldTellThatTheBrokerIsAway() {
        Admin closed = Admin.create(kafka);
        closed.close();

        assertThatThrownBy(() -> new ExpiredRequests(closed).among(List.of(ended(9))))
                .isInstanceOfAny(IOException.class, IllegalStateException.class);
    }

    private static JobSnapshot ended(int daysAgo) {
        return Jobs.started(JobId.next()).cancelled(NOW.minus(Duration.ofDays(daysAgo)));
    }

    /** The broker may remove it any time where that is more than seven. */
    private void request(String topic, int daysAgo) throws Exception {
        long time = NOW.minus(Duration.ofDays(daysAgo)).toEpochMilli();
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, time, null, "{}".getBytes(UTF_8)))
                    .get();
        }
    }
}
