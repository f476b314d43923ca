package io.text2video.worker.jobs;

import static io.text2video.worker.jobs.States.COMPUTATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.EmbeddedS3;
import io.text2video.worker.state.SavedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class CheckpointStoreTest {
    private static final String OTHER = "fedcba9876543210";

    @TempDir
    static Path data;

    private static EmbeddedS3 s3;
    private static ObjectStore objects;

    private final JobId id = JobId.next();
    private final CheckpointStore store = new CheckpointStore(objects);

    @BeforeAll
    static void start() throws IOException {
        s3 = new EmbeddedS3(data, 0, "key", "secret-key");
        objects = new ObjectStore(s3.config());
        objects.ensureBucket();
    }

    @AfterAll
    static void stop() {
        objects.close();
        s3.close();
    }

    @Test
    void shouldFindTheComputationsStateWithTheMostStepsBelowALimit() throws IOException {
        // Given, in an order that nobody keeps to
        store.keep(id, States.after(35));
        store.keep(id, States.after(10));
        store.keep(id, States.after(40, OTHER));

        // Then
        SavedState newest = store.newest(id, COMPUTATION, 51).orElseThrow();
        assertThat(newest.step()).isEqualTo(35);
        assertThat(newest.name()).isEqualTo("videos/%s/%s-00035.safetensors".formatted(id, COMPUTATION));
        assertThat(newest.file()).isEqualTo(States.after(35).toBytes());
        assertThat(store.newest(id, COMPUTATION, 35).orElseThrow().step()).isEqualTo(10);
        assertThat(store.newest(id, COMPUTATION, 10)).isEmpty();
        assertThat(store.newest(JobId.next(), COMPUTATION, 51)).isEmpty();
    }

    @Test
    void shouldRemoveTheOlderOnesOfTheSameComputationOnceANewerOneIsStored() throws IOException {
        store.keep(id, States.after(5, OTHER));
        store.keep(id, States.after(5));
        store.keep(id, States.after(10));

        store.keep(id, States.after(15));

        assertThat(keys()).containsExactly(key(15, COMPUTATION), key(5, OTHER));
    }

    @Test
    void shouldLeaveWhatIsThereAlreadyAsItIs() throws IOException {
        // Given what is not what would be written
        objects.put(key(5, COMPUTATION), new byte[] {1}, "text/plain");

        // When
        store.keep(id, States.after(5));

        // Then
        assertThat(objects.read(key(5, COMPUTATION))).contains(new byte[] {1});
    }

    @Test
    void shouldMakeRoomForASoundOneWhereItDiscardsOne() throws IOException {
        objects.put(key(5, COMPUTATION), new byte[] {1}, "text/plain");

        store.discard(store.newest(id, COMPUTATION, 51).orElseThrow());

        store.keep(id, States.after(5));
        assertThat(store.newest(id, COMPUTATION, 51).orElseThrow().file())
                .isEqualTo(States.after(5).toBytes());
    }

    @Test
    void shouldLeaveNothingInTheFolderOfAJobThatHasEnded() throws IOException {
        // Given an attempt that nobody needs any more, and that does not know it
        objects.put(ObjectKeys.result(id), new byte[] {1}, "text/plain");

        // When
        store.keep(id, States.after(5));

        // Then
        assertThat(keys()).containsExactly(ObjectKeys.result(id));
    }

    @Test
    void shouldPassOverWhatIsNoStatesKey() throws IOException {
        objects.put(ObjectKeys.folder(id) + COMPUTATION + "-x.safetensors", new byte[1], "text/plain");
        objects.put(ObjectKeys.folder(id) + COMPUTATION + "-00007.json", new byte[1], "text/plain");

        assertThat(store.newest(id, COMPUTATION, 51)).isEmpty();
    }

    private List<String> keys() throws IOException {
        return objects.list(ObjectKeys.folder(id));
    }

    private String key(int step, String computation) {
        return ObjectKeys.checkpoint(id, computation, step);
    }
}
