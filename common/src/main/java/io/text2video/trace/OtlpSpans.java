package io.text2video.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;

/** OpenTelemetry's SDK, set up by its own settings: a class of its own, which nobody loads who wants no spans. */
final class OtlpSpans {
    private static final long LAST_SECONDS = 5;

    private OtlpSpans() {}

    static OpenTelemetry begin(String service, Config config) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "otel.service.name", service,
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                // The specification's default; the SDK's is gRPC.
                "otel.exporter.otlp.protocol", "http/protobuf"));
        // Those in files; the environment's the SDK reads itself.
        for (String name : config.getPropertyNames()) {
            if (name.startsWith("otel.")) {
                config.getOptionalValue(name, String.class).ifPresent(value -> settings.put(name, value));
            }
        }
        return AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> settings)
                .build()
                .getOpenTelemetrySdk();
    }

    static void end(OpenTelemetry spans) {
        ((OpenTelemetrySdk) spans).getSdkTracerProvider().shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
    }
}
