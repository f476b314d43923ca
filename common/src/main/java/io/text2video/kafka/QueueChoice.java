package io.text2video.kafka;

import static io.text2video.kafka.KafkaFutures.await;

import io.text2video.common.topic.QueueKind;
import org.apache.kafka.clients.admin.Admin;

/** Which {@link QueueKind} a fleet asks for. */
public enum QueueChoice {
    /** Share groups where the broker has them, else a consumer group. */
    AUTO,
    SHARE_GROUP,
    CONSUMER_GROUP;

    private static final String FEATURE = "share.version";

    /**
     * What it comes to with this broker. It is asked for its finalized features, so all who ask get the same answer.
     *
     * @throws UnsupportedQueueException when there are no share groups and nothing else would do
     */
    QueueKind settle(Admin admin) {
        return switch (this) {
            case CONSUMER_GROUP -> QueueKind.CONSUMER_GROUP;
            case AUTO -> hasShareGroups(admin) ? QueueKind.SHARE_GROUP : QueueKind.CONSUMER_GROUP;
            case SHARE_GROUP -> {
                if (!hasShareGroups(admin)) {
                    throw new UnsupportedQueueException(
                            "fleet.queue is share-group, but the broker's feature " + FEATURE
                                    + " is not 1 or later: use Kafka 4.2 or later (kafka-features.sh upgrade --feature "
                                    + FEATURE
                                    + "=1), or set fleet.queue to auto or consumer-group");
                }
                yield QueueKind.SHARE_GROUP;
            }
        };
    }

    private static boolean hasShareGroups(Admin admin) {
        var version = await(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get(FEATURE);
        return version != null && version.maxVersionLevel() >= 1;
    }
}
