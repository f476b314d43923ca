package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobStatus;
import io.text2video.common.model.VideoParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FullDiskJobTest extends JobRunnerFixture {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final String MINE =
            "text2video-video-" + ProcessHandle.current().pid() + "-";

    @Test
    void shouldGiveAJobBackThatFindsTheDiskFullAndGoOnWhenThereIsRoom() throws Exception {
        // Given a disk that is full when the first frame is written
        List<Path> before = videos();
        pipeline.atEnd =
                () -> videos().stream().filter(video -> !before.contains(video)).forEach(FullDiskJobTest::fill);
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        // When a job is drawn
        Outcome outcome = runner.run(delivery);

        // Then it is released, not failed, and leaves nothing
        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(delivery.end).isEqualTo("released");
        assertThat(states()).noneMatch(state -> state.status().isTerminal());
        assertThat(videos()).isEqualTo(before);

        // And when there is room it is completed, as the second attempt, which is the first one charged
        pipeline.atEnd = () -> {};
        assertThat(runner.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS))))
                .isEqualTo(Outcome.COMPLETED);
        assertThat(states()).last().satisfies(state -> {
            assertThat(state.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(state.attempt()).isEqualTo(2);
        });
    }

    /** Every write to it fails with ENOSPC. */
    private static void fill(Path video) {
        try {
            Files.createSymbolicLink(video.resolve("video.mp4"), Path.of("/dev/full"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> videos() {
        try (Stream<Path> entries = Files.list(TEMPORARY)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> entry.getFileName().toString().startsWith(MINE))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
