package io.text2video.standalone.fleet;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicFollower;
import io.text2video.process.SingleLine;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A line for each job that ends, from when this is opened on: what somebody who runs a fleet in a terminal wants to see. */
final class JobLog extends TopicFollower {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    /** Events come at least once. */
    private static final int REMEMBERED = 1000;

    private final Consumer<String> out;
    private final Set<JobId> told = new LinkedHashSet<>();

    private JobLog(Map<String, Object> kafka, Consumer<String> out) {
        super("job-log", kafka, Topic.EVENTS.topicName());
        this.out = out;
    }

    /**
     * Begins to read.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least; the topics must exist
     * @param out given each line
     * @throws IOException when the broker does not say where the topic ends
     */
    static JobLog open(Map<String, Object> kafka, Consumer<String> out) throws IOException {
        var log = new JobLog(kafka, out);
        log.follow();
        return log;
    }

    @Override
    protected void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            VideoEvent event = JsonCodec.read(record.value(), VideoEvent.class);
            line(event).filter(line -> told.add(event.id())).ifPresent(out);
            if (told.size() > REMEMBERED) {
                told.remove(told.iterator().next());
            }
        } catch (InvalidMessageException e) {
            // Somebody else's: the gateway says so in its log.
        }
    }

    /** What there is to say of an event in one line; nothing of a job that goes on. */
    static Optional<String> line(VideoEvent event) {
        String what =
                switch (event.type()) {
                    case STARTED, PROGRESS -> null;
                    case COMPLETED ->
                        "completed: %dx%d, %d frames%s"
                                .formatted(
                                        event.video().width(),
                                        event.video().height(),
                                        event.video().numFrames(),
                                        seconds(event));
                    case FAILED -> "failed: " + event.error().message();
                    case CANCELLED -> "cancelled";
                };
        return Optional.ofNullable(what)
                .map(text -> "%s  %s  %s".formatted(TIME.format(event.time()), event.id(), SingleLine.of(text)));
    }

    private static String seconds(VideoEvent event) {
        return event.timings() == null
                ? ""
                : String.format(
                        Locale.ROOT, ", drawn in %.1f s", event.timings().drawing());
    }
}
