package io.text2video.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** With Kafka's settings as they are, records would be lost or jobs would not run. Waiting for it does not help. */
public final class MisconfiguredKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Misconfiguration> misconfigurations;

    MisconfiguredKafkaException(List<Misconfiguration> misconfigurations) {
        super(misconfigurations.stream().map(Misconfiguration::toString).collect(Collectors.joining("; ")));
        this.misconfigurations = List.copyOf(misconfigurations);
    }

    /** Which settings, at least one. */
    public List<Misconfiguration> misconfigurations() {
        return misconfigurations;
    }
}
