package io.text2video.gateway.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.gateway.fleet.FewThreads;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Very many clients, each with a connection of its own, that follow a few jobs. */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(FewThreads.class)
@QuarkusTestResource(GatewayFleetResource.class)
class FiveThousandStreamsTest {
    private static final int STREAMS = 5000;
    private static final int JOBS = 50;
    /** For all else that the process has open. */
    private static final int OTHER_FILES = 1000;

    @Inject
    OtherPrograms others;

    @Inject
    Vertx vertx;

    private final AtomicInteger following = new AtomicInteger();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void shouldTellEachOfItsJobsEndOnFewThreads() {
        // Given
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(JobId.next());
            others.snapshot(Jobs.started(jobs.get(i)));
        }
        int streams = asManyAsMayBe();
        int before = ManagementFactory.getThreadMXBean().getThreadCount();
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(streams)
                .setDefaultHost("localhost")
                .setDefaultPort(RestAssured.port));

        // When
        for (int i = 0; i < streams; i++) {
            follow(client, jobs.get(i % JOBS));
        }
        await().atMost(Duration.ofMinutes(5)).until(() -> following.get() + failures.size() == streams);
        jobs.forEach(job -> others.event(VideoEvent.progress(Jobs.started(job), 10, 25, Instant.now())));
        int meanwhile = ManagementFactory.getThreadMXBean().getThreadCount();
        jobs.forEach(job -> others.snapshot(Jobs.completed(job, 7)));

        // Then
        await().atMost(Duration.ofMinutes(5)).until(() -> ends.size() + failures.size() == streams);
        client.close();
        assertThat(failures).isEmpty();
        assertThat(ends).containsOnly("video.completed");
        assertThat(meanwhile - before).isLessThanOrEqualTo(2 * FewThreads.THREADS);
    }

    /** Each takes two files here, one for the client. */
    private static int asManyAsMayBe() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(STREAMS, (system.getMaxFileDescriptorCount() - OTHER_FILES) / 2);
    }

    private void follow(HttpClient client, JobId job) {
        client.request(HttpMethod.GET, "/v1/videos/" + job + "/events")
                .compose(request -> request.send())
                .onSuccess(response -> {
                    String[] last = {"none"};
                    response.handler(RecordParser.newDelimited("\n", line -> {
                        if (line.toString().startsWith("event:")) {
                            last[0] = line.toString().substring("event:".length());
                            if (last[0].equals("video.started")) {
                                following.incrementAndGet();
                            }
                        }
                    }));
                    response.exceptionHandler(failures::add);
                    response.endHandler(end -> ends.add(last[0]));
                })
                .onFailure(failures::add);
    }
}
