package io.text2video.gateway.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Clients that send a job's state late, as after having been cut off: something else happens right before. */
public final class BeforeState extends ClientInterceptor {
    private static final AtomicReference<Consumer<JobId>> ACTION = new AtomicReference<>();

    /** Before the next state is sent by such a client, on its thread. */
    public static void once(Consumer<JobId> action) {
        ACTION.set(action);
    }

    public static Map<String, Object> clients(Map<String, Object> kafka) {
        Map<String, Object> late = new HashMap<>(kafka);
        late.put("interceptor.classes", List.of(BeforeState.class));
        return late;
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topic.JOBS.topicName())) {
            Consumer<JobId> action = ACTION.getAndSet(null);
            if (action != null) {
                action.accept(JobId.parse(new String(record.key(), UTF_8)));
            }
        }
        return record;
    }
}
