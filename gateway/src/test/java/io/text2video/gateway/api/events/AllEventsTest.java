package io.text2video.gateway.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.events.EventClient.Event;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All jobs of the fleet, those of other tests among them. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
@Timeout(300)
class AllEventsTest {
    private static final String PATH = "/v1/videos/events";

    @Inject
    OtherPrograms others;

    @Inject
    JobView view;

    @Test
    void shouldTellOfJobsThatAreOpenAndThenOfEachThatChanges() throws Exception {
        JobId first = JobId.next();
        JobId second = JobId.next();
        others.snapshot(Jobs.started(first));
        // Else it might be told of as one that changed, and later as one that is open.
        view.upToDate().await().indefinitely();
        try (var client = EventClient.follow(PATH)) {
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(next(client, first).name()).isEqualTo("video.started");

            others.snapshot(Jobs.queued(second));
            assertThat(next(client, second).name()).isEqualTo("video.queued");

            others.event(VideoEvent.progress(Jobs.started(first), 10, 25, Instant.now()));
            assertThat(nextAfter(client, first, "video.started")
                            .video()
                            .path("step")
                            .asInt())
                    .isEqualTo(10);

            others.snapshot(Jobs.completed(first, 7));
            assertThat(next(client, first).name()).isEqualTo("video.completed");

            others.snapshot(Jobs.completed(first, 7).deleted());
            assertThat(next(client, first).name()).isEqualTo("video.deleted");
        }
    }

    @Test
    void shouldTellOneWhoComesAgainWhatHasEndedMeanwhile() throws Exception {
        // Given
        JobId before = JobId.next();
        JobId meanwhile = JobId.next();
        JobId open = JobId.next();
        others.snapshot(Jobs.completed(before, 7));
        others.snapshot(Jobs.started(meanwhile));
        others.snapshot(Jobs.started(open));
        String seen;
        try (var client = EventClient.follow(PATH)) {
            seen = next(client, meanwhile).id();
        }

        // When
        JobSnapshot end = Jobs.completed(meanwhile, 7);
        others.snapshot(Jobs.started(meanwhile).completed(end.video(), end.timings(), null, Instant.now()));
        view.upToDate().await().indefinitely();

        // Then
        try (var again = EventClient.follow(PATH, seen)) {
            List<Event> told = untilSilent(again);
            assertThat(told)
                    .extracting(event -> event.video().path("id").asText())
                    .contains(meanwhile.toString(), open.toString())
                    .doesNotContain(before.toString());
            assertThat(told)
                    .filteredOn(event -> event.video().path("id").asText().equals(meanwhile.toString()))
                    .last()
                    .extracting(Event::name)
                    .isEqualTo("video.completed");
        }
        try (var stranger = EventClient.follow(PATH, "1-1.completed")) {
            assertThat(untilSilent(stranger))
                    .extracting(event -> event.video().path("id").asText())
                    .contains(open.toString())
                    .doesNotContain(meanwhile.toString());
        }
    }

    @Test
    void shouldTellHowAllStandToOneWhoIsFarBehind() throws Exception {
        JobId open = JobId.next();
        others.snapshot(Jobs.started(open));
        view.upToDate().await().indefinitely();
        var jobs = new AllJobs(view, Caller.ANYBODY, null);
        assertThat(idsOf(jobs)).contains(open.toString());

        // When more have changed than are kept, none of which there is
        for (int i = 0; i < 10_000; i++) {
            jobs.changed(JobId.next());
        }
        assertThat(jobs.next().orElseThrow().name()).isEqualTo("video.deleted");
        jobs.changed(JobId.next());
        jobs.changed(JobId.next());

        // Then
        assertThat(idsOf(jobs)).contains(open.toString()).hasSizeLessThan(10_000);
    }

    private static List<String> idsOf(AllJobs jobs) {
        List<String> ids = new ArrayList<>();
        for (Optional<JobEvent> event = jobs.next(); event.isPresent(); event = jobs.next()) {
            ids.add(((Video) event.get().data()).id());
        }
        return ids;
    }

    private static Event next(EventClient client, JobId id) throws IOException {
        Event event = client.next();
        while (!event.video().path("id").asText().equals(id.toString())) {
            event = client.next();
        }
        return event;
    }

    /** A job that changed while the stream began may be told of twice: as one that is open, and as one that changed. */
    private static Event nextAfter(EventClient client, JobId id, String name) throws IOException {
        Event event = next(client, id);
        while (event.name().equals(name)) {
            event = next(client, id);
        }
        return event;
    }

    /** What is told until a heartbeat says that there is no more for now. */
    private static List<Event> untilSilent(EventClient client) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Optional<Event> event = client.nextUnlessSilent(); event.isPresent(); event = client.nextUnlessSilent()) {
            events.add(event.get());
        }
        return events;
    }
}
