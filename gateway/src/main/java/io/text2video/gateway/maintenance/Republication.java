package io.text2video.gateway.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.gateway.jobs.ModelCatalog;
import io.text2video.gateway.jobs.OpenJob;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A job's request as it is published again.
 *
 * @param record as the original, but for its lineage
 * @param state the job's, until a worker takes it
 */
record Republication(ProducerRecord<byte[], byte[]> record, JobSnapshot state) {
    /** How it comes to be. */
    static final class Maker {
        private final SentRequests sent;
        private final JobFolders folders;
        private final ModelCatalog models;

        Maker(SentRequests sent, JobFolders folders, ModelCatalog models) {
            this.sent = sent;
            this.folders = folders;
            this.models = models;
        }

        /**
         * The job's next publication: its newest request, or where that is gone, one that its state tells.
         *
         * @throws IOException when the broker or the store does not answer
         */
        Republication make(OpenJob job, JobSnapshot known, JobFolder folder) throws IOException {
            Optional<ConsumerRecord<byte[], byte[]>> original =
                    job.request() == null ? Optional.empty() : sent.read(job.request());
            Optional<VideoRequest> request = original.flatMap(record -> request(record, job));
            if (request.isPresent()) {
                return again(job, request.get(), original.get(), folder);
            }
            return rebuilt(job, known, folder);
        }

        private static Republication again(
                OpenJob job, VideoRequest request, ConsumerRecord<byte[], byte[]> original, JobFolder folder) {
            Lineage lineage = Lineage.of(original.headers());
            Lineage next = new Lineage(
                    nextGeneration(job),
                    lineage.attempts() + charged(folder, lineage.generation(), nextGeneration(job)),
                    lineage.retries());
            var record = new ProducerRecord<>(
                    original.topic(), null, original.timestamp(), original.key(), original.value());
            original.headers().forEach(record.headers()::add);
            next.writeTo(record.headers());
            return new Republication(
                    record, JobSnapshot.queued(request, Instant.ofEpochMilli(original.timestamp()), next.generation()));
        }

        /** As new, so that it does not expire at once: the time of its creation is in the request. */
        private Republication rebuilt(OpenJob job, JobSnapshot known, JobFolder folder) throws IOException {
            VideoRequest request = new VideoRequest(
                    VideoRequest.VERSION,
                    known.id(),
                    known.model(),
                    known.prompt(),
                    known.parameters(),
                    known.inputReference() != null || known.inputVideo() != null
                            ? known.inputReference()
                            : folders.input(known.id()).map(InputReference::new).orElse(null),
                    known.webhook(),
                    known.createdAt(),
                    known.user(),
                    known.metadata(),
                    known.remixedFromVideoId(),
                    known.tenant(),
                    known.priority(),
                    known.inputVideo());
            Lineage next = new Lineage(nextGeneration(job), charged(folder, 1, nextGeneration(job)), 0);
            var record = new ProducerRecord<>(
                    models.topic(known.model()), known.id().toString().getBytes(UTF_8), JsonCodec.write(request));
            next.writeTo(record.headers());
            return new Republication(record, JobSnapshot.queued(request, known.createdAt(), next.generation()));
        }

        /** Nothing when another topic of that name has another job's request there. */
        private static Optional<VideoRequest> request(ConsumerRecord<byte[], byte[]> record, OpenJob job) {
            try {
                return Optional.of(JsonCodec.read(record.value(), VideoRequest.class))
                        .filter(request -> request.id().equals(job.id()));
            } catch (InvalidMessageException e) {
                return Optional.empty();
            }
        }

        private static int nextGeneration(OpenJob job) {
            int requested = job.request() == null ? 0 : job.request().generation();
            return Math.max(requested, job.attempt().generation()) + 1;
        }

        private static int charged(JobFolder folder, int from, int to) {
            return IntStream.range(from, to).map(folder::charged).sum();
        }
    }
}
