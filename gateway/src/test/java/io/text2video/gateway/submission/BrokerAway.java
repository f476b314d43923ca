package io.text2video.gateway.submission;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.VideoRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** What submission does while no broker acknowledges. */
public final class BrokerAway extends Submission {
    private final List<VideoRequest> refused = new CopyOnWriteArrayList<>();

    public BrokerAway() {
        super(null, () -> Duration.ofSeconds(1), new SimpleMeterRegistry());
    }

    @Override
    public Uni<Void> submit(VideoRequest request, String topic) {
        refused.add(request);
        return Uni.createFrom().failure(new NotAcceptedException(new TimeoutException("no acknowledgement")));
    }

    public List<VideoRequest> refused() {
        return List.copyOf(refused);
    }
}
