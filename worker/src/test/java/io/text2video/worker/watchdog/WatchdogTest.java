package io.text2video.worker.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<String> stalled = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    @Test
    void shouldEndAProcessThatHangsInANativeCall() throws Exception {
        // Given a process of its own that draws
        Path errors = directory.resolve("errors");
        Process worker = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HangingWorker.class.getName(),
                        LIMIT.toString())
                .redirectError(errors.toFile())
                .start();
        try (var output = worker.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("step 1");
            assertThat(output.readLine()).isEqualTo("step 2");

            // When a step never ends
            boolean ended = worker.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            // Then the process does, and says where it hung
            assertThat(ended).isTrue();
            assertThat(output.lines()).contains("hung main");
            assertThat(worker.exitValue()).isEqualTo(ProcessEnd.HUNG);
            assertThat(Files.readString(errors))
                    .contains("generation on thread main: no progress", "Full thread dump", "HangingPipeline.generate");
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void shouldLeaveAloneWhatGoesOnOrWaitsOrHasEnded() {
        // Given something that goes on, something that waits for others and something that ended
        try (var watchdog = new Watchdog(LIMIT, watch -> stalled.add(watch.toString()));
                var going = watchdog.begin("going");
                var waiting = watchdog.begin("waiting")) {
            watchdog.begin("ended").close();
            waiting.rest();

            // When the limit passes, and passes again
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .during(LIMIT.multipliedBy(3))
                    .until(() -> {
                        going.progress();
                        return stalled.isEmpty();
                    });

            // Then it acts when what has waited goes on, and hangs then
            waiting.progress();
            await().pollInterval(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> {
                going.progress();
                return !stalled.isEmpty();
            });
            assertThat(stalled).singleElement().asString().startsWith("waiting on thread");
        }
    }

    @Test
    void shouldDoNothingWithoutALimit() {
        try (var watchdog = new Watchdog(Duration.ZERO, watch -> stalled.add(watch.toString()));
                var watch = watchdog.begin("anything")) {
            assertThat(watch).hasToString("anything on thread main");
            await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(stalled::isEmpty);
        }
    }
}
