package io.text2video.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobPage;
import io.text2video.gateway.jobs.Video;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of videos. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(
        description = "A page of videos",
        requiredProperties = {"object", "data", "first_id", "last_id", "has_more"})
record VideoList(
        @Schema(description = "Always \"list\"", enumeration = "list") String object,
        List<Video> data,
        @Schema(nullable = true, description = "Null when the page is empty") String firstId,
        @Schema(nullable = true, description = "The `after` of the next page; null when the page is empty")
                String lastId,
        @Schema(description = "Whether there is a next page") boolean hasMore) {

    static VideoList of(JobPage page, Function<Job, Video> show) {
        return of(page.jobs().stream().map(show).toList(), page.more());
    }

    /** Those that one request has made: there are no more of them. */
    static VideoList of(List<Video> videos) {
        return of(videos, false);
    }

    private static VideoList of(List<Video> videos, boolean more) {
        return new VideoList(
                "list",
                videos,
                videos.isEmpty() ? null : videos.get(0).id(),
                videos.isEmpty() ? null : videos.get(videos.size() - 1).id(),
                more);
    }
}
