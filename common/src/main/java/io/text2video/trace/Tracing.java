package io.text2video.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Whether this process records spans, and who makes them. It does where OpenTelemetry's own settings name somebody to send them
 * to, {@code OTEL_EXPORTER_OTLP_ENDPOINT}; else no class of the SDK is loaded, and whoever asks for a span gets one that is
 * nothing. Thread-safe.
 */
public final class Tracing {
    private static final String NAME = "io.text2video";

    private static volatile OpenTelemetry current = OpenTelemetry.noop();
    private static volatile boolean on;

    private Tracing() {}

    /**
     * Begins, where that is wanted and has not happened. To be ended with {@link #end}.
     *
     * @param service what this program is, unless {@code OTEL_SERVICE_NAME} says otherwise
     * @throws RuntimeException when a setting cannot be obeyed
     */
    public static synchronized void begin(String service) {
        Config config = ConfigProvider.getConfig();
        if (!on && isWanted(config)) {
            current = OtlpSpans.begin(service, config);
            on = true;
        }
    }

    /** Whether spans are recorded. */
    public static boolean isOn() {
        return on;
    }

    public static Tracer tracer() {
        return current.getTracer(NAME);
    }

    /** Sends what is left, for a few seconds at most. */
    public static synchronized void end() {
        if (on) {
            on = false;
            OtlpSpans.end(current);
            current = OpenTelemetry.noop();
        }
    }

    private static boolean isWanted(Config config) {
        boolean disabled =
                value(config, "otel.sdk.disabled").map(Boolean::parseBoolean).orElse(false);
        Optional<String> exporter = value(config, "otel.traces.exporter");
        boolean isNamed = Stream.of("otel.exporter.otlp.endpoint", "otel.exporter.otlp.traces.endpoint")
                .anyMatch(name -> value(config, name).isPresent());
        return !disabled && exporter.map(name -> !name.equals("none")).orElse(isNamed);
    }

    private static Optional<String> value(Config config, String name) {
        return config.getOptionalValue(name, String.class);
    }
}
