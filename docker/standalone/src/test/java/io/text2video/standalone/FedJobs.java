package io.text2video.standalone;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Tells a fleet of jobs that nobody asked for and whose files are nowhere. */
final class FedJobs implements AutoCloseable {
    private static final VideoParameters PARAMETERS =
            new VideoParameters(null, 25, 2.0, null, null, null, 64, 64, 17, 8, 42L, null, null);
    private static final AttemptId ATTEMPT = new AttemptId(1, 1);

    private final KafkaProducer<String, byte[]> producer;

    FedJobs(String kafka) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
    }

    void started(JobId id, String prompt, Instant at) {
        send(snapshot(id, prompt, at));
    }

    void completed(JobId id, String prompt, Instant at) {
        send(snapshot(id, prompt, at)
                .completed(
                        new VideoFile(
                                ObjectKeys.video(id, ATTEMPT), ObjectKeys.poster(id, ATTEMPT), 7, 64, 64, 17, 8, 2.125),
                        new StageTimings(1.0, 0.01, 1.5, 0.5, 0.05, 0.02),
                        null,
                        at));
    }

    private static JobSnapshot snapshot(JobId id, String prompt, Instant at) {
        return JobSnapshot.queued(
                        new VideoRequest(
                                VideoRequest.VERSION, id, "cogvideox-tiny", prompt, PARAMETERS, null, null, at),
                        at)
                .started(ATTEMPT, "worker", "cogvideox-tiny", PARAMETERS, null, 2.0, at);
    }

    private void send(JobSnapshot job) {
        producer.send(new ProducerRecord<>(Topic.JOBS.topicName(), job.id().toString(), JsonCodec.write(job)));
    }

    /** Returns when the broker has them all. */
    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
