package io.text2video.gateway.commands;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.OpenJobs;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which requests wait in the backlog. What is on a pool's topic is drawn in the order of arrival; so no more is put there than its
 * workers soon take, and the rest comes to them in an order that is fair to all tenants. A request that finds room goes there at
 * once: without a queue nothing waits for the gateway that leads. Thread-safe.
 */
@Singleton
class Backlog {
    /** In which order jobs are drawn. */
    enum Order {
        /** Each tenant gets its share of the workers, and of its jobs first those of the highest priority. */
        FAIR,
        /** As they come, whoever sends them. */
        ARRIVAL
    }

    /** The order of the queue. */
    @ConfigMapping(prefix = "queue")
    interface QueueConfig {
        /** The same in all gateways. */
        @WithDefault("fair")
        Order order();
    }

    private final OpenJobs open;
    private final Order order;
    /** Those on their way to the pools' topics, which the view does not count yet. */
    private final Set<JobId> underWay = ConcurrentHashMap.newKeySet();

    Backlog(JobView view, QueueConfig config) {
        open = view.openJobs();
        order = config.order();
        view.listen(underWay::remove);
    }

    /** Where the request is to go: the pool's topic or the backlog. Whoever asks sends it there. */
    String topic(JobId request, String pool) {
        if (order == Order.ARRIVAL) {
            return pool;
        }
        boolean atOnce = open.load(Topic.BACKLOG.topicName()).waiting() == 0
                && underWay.size() < open.load(pool).room();
        if (!atOnce) {
            return Topic.BACKLOG.topicName();
        }
        underWay.add(request);
        return pool;
    }

    /** It was not sent, or nobody knows. */
    void forget(JobId request) {
        underWay.remove(request);
    }
}
