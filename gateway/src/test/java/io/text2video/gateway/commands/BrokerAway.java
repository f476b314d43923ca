package io.text2video.gateway.commands;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.VideoRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** What submission does while the broker does not take requests. */
public final class BrokerAway extends Submission {
    private final List<VideoRequest> refused = new CopyOnWriteArrayList<>();

    private final Throwable cause;

    /** Nobody acknowledges. */
    public BrokerAway() {
        this(new TimeoutException("no acknowledgement"));
    }

    public BrokerAway(Throwable cause) {
        super(null, null, () -> Duration.ofSeconds(1), new SimpleMeterRegistry());
        this.cause = cause;
    }

    @Override
    public Uni<Void> submit(VideoRequest request, String topic, Context trace) {
        refused.add(request);
        return Uni.createFrom().failure(new BrokerUnavailableException("the request", cause));
    }

    public List<VideoRequest> refused() {
        return List.copyOf(refused);
    }
}
