package io.text2video.gateway.app;

import io.quarkus.runtime.ShutdownEvent;
import io.text2video.process.SecondSignal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The application ends: in good order, unless it is told a second time. */
@ApplicationScoped
class Shutdown {
    void begin(@Observes ShutdownEvent event) {
        SecondSignal.endsAtOnce();
    }
}
