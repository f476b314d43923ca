package io.text2video.gateway.api.events;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Management;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway with few places for streams. */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(SlowEventClientsTest.FewPlaces.class)
@QuarkusTestResource(GatewayFleetResource.class)
@Timeout(300)
class SlowEventClientsTest {
    public static class FewPlaces implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("events.at-once", Integer.toString(PLACES), "events.write-timeout", "20s");
        }
    }

    private static final int PLACES = 4;
    private static final int STEPS = 100_000;
    private static final int RECEIVE_BUFFER = 4096;

    @Inject
    OtherPrograms others;

    private final JobId id = JobId.next();
    private final String path = "/v1/videos/" + id + "/events";
    private final List<AutoCloseable> clients = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        await().until(() -> streams() == 0);
    }

    @Test
    void shouldRefuseMoreStreamsThanThereArePlaces() throws Exception {
        others.snapshot(Jobs.started(id));
        List<EventClient> following = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            following.add(follow());
        }

        try (var refused = EventClient.follow(path)) {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
        }
        given().get(path).then().statusCode(503).body("error.code", equalTo("overloaded"));

        // And who leaves makes room
        following.get(0).close();
        await().until(() -> streams() < PLACES);
        assertThat(follow().next().name()).isEqualTo("video.started");
    }

    /** Each event is so large that the sockets' buffers are soon full. */
    @Test
    void shouldCutOffWhoTakesNothingAndServeTheOthers() throws Exception {
        // Given
        JobSnapshot started = startedWithALongPrompt();
        others.snapshot(started);
        EventClient takesAll = follow();
        assertThat(takesAll.next().name()).isEqualTo("video.started");
        clients.add(askAndTakeNothing());
        await().until(() -> streams() == 2);

        // When
        int step = 0;
        while (streams() == 2) {
            step++;
            others.event(VideoEvent.progress(started, step, STEPS, Instant.now()));
            assertThat(takesAll.next().video().path("step").asInt()).isEqualTo(step);
        }

        // Then
        others.event(VideoEvent.progress(started, step + 1, STEPS, Instant.now()));
        assertThat(takesAll.next().video().path("step").asInt()).isEqualTo(step + 1);
        others.snapshot(started.completed(
                Jobs.completed(id, 7).video(), Jobs.completed(id, 7).timings(), null, Jobs.TIME));
        assertThat(takesAll.next().name()).isEqualTo("video.completed");
        assertThat(takesAll.next()).isNull();
    }

    private JobSnapshot startedWithALongPrompt() {
        JobSnapshot job = Jobs.queued(id);
        return Jobs.started(JobSnapshot.queued(
                new VideoRequest(
                        VideoRequest.VERSION,
                        id,
                        job.model(),
                        "ball ".repeat(6_000),
                        job.parameters(),
                        null,
                        null,
                        Jobs.TIME),
                Jobs.TIME));
    }

    private EventClient follow() throws Exception {
        EventClient client = EventClient.follow(path);
        clients.add(client);
        assertThat(client.status()).isEqualTo(200);
        return client;
    }

    private Socket askAndTakeNothing() throws IOException {
        var client = new Socket();
        client.setReceiveBufferSize(RECEIVE_BUFFER);
        client.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
        client.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .formatted(path)
                        .getBytes(US_ASCII));
        return client;
    }

    private static int streams() {
        return given().get(Management.url("/q/metrics"))
                .asString()
                .lines()
                .filter(line -> line.startsWith("text2video_event_streams"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
