package io.text2video.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.access.ApiKey;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicFollower;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Reads {@code video.keys}: a key is known, or known no more, moments after its record is acknowledged. */
final class ApiKeyFollower extends TopicFollower {
    private static final Logger LOG = Logger.getLogger(ApiKeyFollower.class);

    private final ApiKeys keys;

    ApiKeyFollower(Map<String, Object> kafka, ApiKeys keys) {
        super(Topic.KEYS.topicName(), kafka, Topic.KEYS.topicName());
        this.keys = keys;
    }

    /** Of a key that cannot be read any more nobody knows whether it may: it is as if revoked. */
    @Override
    protected void read(ConsumerRecord<byte[], byte[]> record) {
        String hash = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (record.value() == null) {
            revoke(hash);
            return;
        }
        try {
            ApiKey key = JsonCodec.read(record.value(), ApiKey.class);
            if (!key.hash().equals(hash)) {
                throw new IllegalArgumentException("the record's key must be the hash");
            }
            keys.put(key);
            LOG.infof(
                    "key known key=%s tenant=%s name=%s expires=%s",
                    key.id(), key.tenant(), key.name(), key.expiresAt());
        } catch (InvalidMessageException | IllegalArgumentException e) {
            revoke(hash);
            LOG.warnf(
                    "key skipped partition=%d offset=%d reason=%s",
                    record.partition(), record.offset(), e.getMessage());
        }
    }

    private void revoke(String hash) {
        if (keys.remove(hash)) {
            LOG.infof("key revoked key=%s", hash.substring(0, Math.min(12, hash.length())));
        }
    }
}
