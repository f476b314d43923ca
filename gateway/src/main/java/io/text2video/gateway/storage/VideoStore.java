package io.text2video.gateway.storage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoFile;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The gateway's client of the object store. */
@ApplicationScoped
public class VideoStore {
    /** Bytes, many times a preview's: a gateway holds one for each request that is answered. */
    private static final int MOST_PREVIEW = 1 << 18;

    private final ObjectStore objects;

    VideoStore(S3Config config) {
        objects = new ObjectStore(config);
    }

    void register(@Observes StartupEvent event, MeterRegistry meters) {
        FunctionCounter.builder("text2video.store.failures", objects, ObjectStore::failures)
                .description("Calls of the object store that have failed")
                .register(meters);
    }

    /**
     * Makes the bucket unless it is there, and looks whether the store will do.
     *
     * @throws io.text2video.common.storage.UnsupportedStoreException when it will not
     */
    public void prepare() throws IOException {
        objects.ensureBucket();
        objects.requireConditionalWrites();
    }

    /** The file of a finished video; nothing when it is no longer there. */
    public Optional<StoredFile> find(VideoFile video, Variant variant) throws IOException {
        String key = variant.key(video);
        return objects.size(key).map(size -> new StoredFile(key, variant, size));
    }

    /** That part of the file, as it comes from the store; the caller closes it. */
    public InputStream open(StoredFile file, ByteRange range) throws IOException {
        return objects.open(file.key(), range.first(), range.length());
    }

    /** What the attempt's video looks like so far, a JPEG; nothing where there is no preview. */
    public Optional<byte[]> preview(JobId id, AttemptId attempt) throws IOException {
        return objects.readStart(ObjectKeys.preview(id, attempt), MOST_PREVIEW);
    }

    /** The jobs' folders, as workers see them. */
    public JobFolders folders() {
        return new JobFolders(objects);
    }

    ObjectStore objects() {
        return objects;
    }

    @PreDestroy
    void close() {
        objects.close();
    }
}
