package io.text2video.gateway.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.text2video.gateway.webhook.WebhookAnswer.Kind;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/** Counts tries of webhooks and times their calls. Thread-safe. */
@Singleton
@Startup
class WebhookMeters {
    /** Upper ends of a histogram's buckets, up to the deadline of a call. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };

    private final Map<Result.Kind, Counter> outcomes = new EnumMap<>(Result.Kind.class);
    private final Map<Kind, Timer> calls = new EnumMap<>(Kind.class);

    WebhookMeters(MeterRegistry meters) {
        Map.of(Result.Kind.DONE, "delivered", Result.Kind.AGAIN, "retried", Result.Kind.GIVEN_UP, "given_up")
                .forEach((kind, outcome) -> outcomes.put(
                        kind,
                        Counter.builder("text2video.webhooks")
                                .description("Tries of webhooks, by what follows from them")
                                .tag("outcome", outcome)
                                .register(meters)));
        for (Kind answer : EnumSet.of(Kind.TAKEN, Kind.REFUSED, Kind.FAILED)) {
            calls.put(
                    answer,
                    Timer.builder("text2video.webhook.call")
                            .description("Calls of webhooks, from their turn to the answer, by what the receiver said")
                            .tag("answer", answer.name().toLowerCase(Locale.ROOT))
                            .serviceLevelObjectives(BUCKETS)
                            .register(meters));
        }
    }

    /** What came of a try; a call that nobody made is not timed. */
    void called(WebhookAnswer answer, Duration time) {
        if (answer.isOfItsHost()) {
            calls.get(answer.kind()).record(time);
        }
    }

    /** What follows from a try. */
    void followed(Result.Kind kind) {
        if (kind != Result.Kind.NOT_TRIED) {
            outcomes.get(kind).increment();
        }
    }
}
