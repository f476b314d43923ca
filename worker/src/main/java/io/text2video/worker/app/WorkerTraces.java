package io.text2video.worker.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.text2video.trace.Tracing;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Begins the traces before the worker, and sends the last of them after it. */
@Singleton
class WorkerTraces {
    private static final int FIRST = 1;
    private static final int LAST = 1_000_000;

    void begin(@Observes @Priority(FIRST) StartupEvent event) {
        Tracing.begin("text2video-worker");
    }

    void end(@Observes @Priority(LAST) ShutdownEvent event) {
        Tracing.end();
    }
}
