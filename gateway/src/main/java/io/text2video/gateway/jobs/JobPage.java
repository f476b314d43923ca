package io.text2video.gateway.jobs;

import java.util.List;

/**
 * Some jobs in order.
 *
 * @param more whether others follow
 */
public record JobPage(List<Job> jobs, boolean more) {
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
