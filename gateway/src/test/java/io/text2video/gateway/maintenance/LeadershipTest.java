package io.text2video.gateway.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.embedded.EmbeddedKafka;
import io.text2video.kafka.TopicInitializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Tag("waits")
class LeadershipTest {
    private static final Duration SESSION = Duration.ofMillis(1500);

    /** Of those that are to stay, however slow the machine is. */
    private static final Duration LONG_SESSION = Duration.ofSeconds(15);

    @TempDir
    static Path data;

    private static EmbeddedKafka broker;
    private static Map<String, Object> kafka;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new EmbeddedKafka(data, 0, Map.of("group.min.session.timeout.ms", "1000"));
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void bePatient() {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @Test
    void shouldStayWithTheFirstUntilItLeaves() {
        try (var first = Leadership.seek(kafka, LONG_SESSION);
                Admin admin = Admin.create(kafka)) {
            await().until(first::isLeader);

            // When another comes, and a third, which have to have been taken into the group before they can lead
            try (var second = Leadership.seek(kafka, LONG_SESSION);
                    var third = Leadership.seek(kafka, LONG_SESSION)) {
                await().until(() -> members(admin) == 3);
                await().during(SESSION.multipliedBy(2)).until(() -> leaders(first, second, third) == 1);
                assertThat(first.isLeader()).isTrue();
                first.close();

                // Then one of them takes over
                assertThat(first.isLeader()).isFalse();
                await().until(() -> leaders(second, third) == 1);
            }
        }
    }

    @Test
    void shouldPassFromAGatewayThatIsKilled() throws Exception {
        try (var killed = GatewayProcess.start(kafka, SESSION)) {
            await().until(killed::isLeader);
            try (var other = Leadership.seek(kafka, SESSION)) {
                killed.signal("KILL");

                await().until(other::isLeader);
            }
        }
    }

    @Test
    void shouldNotBeBelievedByAGatewayThatWasStopped() throws Exception {
        try (var stopped = GatewayProcess.start(kafka, SESSION)) {
            await().until(stopped::isLeader);
            try (var other = Leadership.seek(kafka, LONG_SESSION)) {
                // When it is stopped until another leads
                stopped.signal("STOP");
                await().until(other::isLeader);
                stopped.signal("CONT");

                // Then its first answer is that it does not lead
                assertThat(stopped.isLeader()).isFalse();
                assertThat(other.isLeader()).isTrue();
            }
        }
    }

    /** None while some are on their way into the group. */
    private static int members(Admin admin) throws Exception {
        var groups = admin.describeConsumerGroups(List.of(Leadership.GROUP)).describedGroups();
        var group = groups.get(Leadership.GROUP).get();
        return group.groupState() == GroupState.STABLE ? group.members().size() : 0;
    }

    private static long leaders(Leadership... all) {
        return Stream.of(all).filter(Leadership::isLeader).count();
    }
}
