package io.text2video.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ServiceThreadTest {
    private static final class Recorder extends ServiceThread {
        final List<String> did = new CopyOnWriteArrayList<>();
        private final RuntimeException failure;
        private final boolean survives;

        Recorder(RuntimeException failure, boolean survives) {
            super("recorder");
            this.failure = failure;
            this.survives = survives;
        }

        @Override
        protected void doWork() throws InterruptedException {
            did.add("work");
            if (failure != null) {
                throw failure;
            }
            new CountDownLatch(1).await();
        }

        @Override
        protected boolean survives(Throwable broken) {
            return survives;
        }

        @Override
        protected void cleanUp() {
            did.add("clean up by " + Thread.currentThread().getName() + " interrupted=" + Thread.interrupted());
        }
    }

    @Test
    void shouldWakeARoundAndCleanUpOnItsOwnThread() {
        // Given a thread in the middle of a round that would last for ever
        var service = new Recorder(null, false);
        service.start();
        await().atMost(ONE_MINUTE).until(() -> service.did.contains("work"));

        // When it is closed, more than once
        service.close();
        service.close();

        // Then it has ended, and cleaned up undisturbed
        assertThat(service.isAlive()).isFalse();
        assertThat(service.did).containsExactly("work", "clean up by recorder interrupted=false");
    }

    @Test
    void shouldBeSeenToHaveEndedByAFailure() {
        var service = new Recorder(new IllegalStateException("broken"), false);

        service.start();

        await().atMost(ONE_MINUTE).until(() -> !service.isAlive());
        assertThat(service.did).containsExactly("work", "clean up by recorder interrupted=false");
    }

    @Test
    void shouldGoOnAfterAFailureThatItSurvives() {
        // Given
        var service = new Recorder(new IllegalStateException("passing"), true);

        // When
        service.start();

        // Then
        await().atMost(ONE_MINUTE).until(() -> service.did.size() > 1);
        assertThat(service.isAlive()).isTrue();
        service.close();
        assertThat(service.isAlive()).isFalse();
    }

    @Test
    void shouldCleanUpWhenItWasNeverStarted() {
        var service = new Recorder(null, false);
        assertThat(service.isAlive()).isTrue();

        service.close();
        service.start();

        assertThat(service.isAlive()).isFalse();
        assertThat(service.did)
                .containsExactly("clean up by " + Thread.currentThread().getName() + " interrupted=false");
    }
}
