package io.text2video.gateway.jobs;

import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import java.time.Instant;
import java.util.Optional;

/**
 * What is expected of a queued job; each is null where it is not known.
 *
 * @param queuePosition how many jobs of its pool are before it
 * @param start when a worker is expected to begin it
 * @param seconds that it is then expected to take
 */
public record Outlook(Integer queuePosition, Instant start, Double seconds) {
    public static final Outlook NONE = new Outlook(null, null, null);

    /** Of a job that is not in the queue yet. */
    public static Outlook of(VideoRequest request, Optional<ModelCard> card) {
        return new Outlook(
                null,
                null,
                card.flatMap(known -> Work.of(request, Instant.now()).seconds(known))
                        .orElse(null));
    }
}
