package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeashTest {
    @Test
    void shouldEndWhatIsStillOnIt() throws Exception {
        // Given three processes on it, of which one was taken off again and one ignores what can be ignored
        Process free = new ProcessBuilder("sleep", "600").start();
        Process held = new ProcessBuilder("sleep", "600").start();
        Process stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM INT HUP; exec sleep 600").start();
        try {
            var leash = new Leash();
            for (Process process : new Process[] {held, free, stubborn}) {
                leash.hold(process.pid());
            }
            leash.drop(free.pid());

            // When its input ends, as it does with this process
            leash.close();

            // Then the other two have ended
            assertThat(held.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(stubborn.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(free.isAlive()).isTrue();
        } finally {
            free.destroyForcibly();
            held.destroyForcibly();
            stubborn.destroyForcibly();
        }
    }
}
