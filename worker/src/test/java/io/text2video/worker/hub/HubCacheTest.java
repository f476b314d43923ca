package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.hub.HubException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding a model in the cache, and not believing what somebody else may have put there. */
class HubCacheTest extends CacheFixture {
    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE=/a HUGGINGFACE_HUB_CACHE=/b HF_HOME=/c XDG_CACHE_HOME=/d, /a",
        "HUGGINGFACE_HUB_CACHE=/b HF_HOME=/c XDG_CACHE_HOME=/d, /b",
        "HF_HOME=/c XDG_CACHE_HOME=/d, /c/hub",
        "XDG_CACHE_HOME=/d, /d/huggingface/hub",
        "HF_HUB_CACHE= HF_HOME=/c, /c/hub",
        "HOME=/h, /h/.cache/huggingface/hub",
        "HOME=/h HF_HOME=~, /h/hub",
        "HOME=/h HF_HOME=~/c, /h/c/hub",
        "HOME=/h XDG_CACHE_HOME=~/d, /h/d/huggingface/hub",
        "HOME=/h HF_HUB_CACHE=~/a HUGGINGFACE_HUB_CACHE=~/b, /h/a",
        "HOME=/h HUGGINGFACE_HUB_CACHE=~/b, /h/b",
        "HOME=/h HF_HOME=$HOME/c, /h/c/hub",
        "HOME=/h HF_HUB_CACHE=${HOME}/$DISK/c DISK=e, /h/e/c",
        "HF_HOME=/$UNKNOWN/c, /$UNKNOWN/c/hub",
        "HF_HOME=/c/~, /c/~/hub"
    })
    void shouldBeWhereTheVariablesSay(String variables, Path expected) {
        Map<String, String> given = new java.util.HashMap<>();
        for (String variable : variables.split(" ")) {
            String[] pair = variable.split("=", 2);
            given.put(pair[0], pair[1]);
        }

        assertThat(HubCache.of(given).directory()).isEqualTo(expected);
    }

    @Test
    void shouldRefuseAnotherUsersHome() {
        assertThatThrownBy(() -> HubCache.of(Map.of("HF_HOME", "~somebody/cache")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("HF_HOME begins with another user's home: ~somebody/cache; write the whole path");
    }

    @Test
    void shouldBeInTheHomeOfThePasswordFileWhereTheEnvironmentHasNone() {
        Path home = Path.of(System.getProperty("user.home"));

        assertThat(HubCache.of(Map.of()).directory()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(HubCache.of(Map.of("HF_HOME", "~/x")).directory()).isEqualTo(home.resolve("x/hub"));
    }

    @Test
    void shouldTakeADirectoryAsItIs() throws Exception {
        assertThat(ModelLocation.resolve(Reference.TINY_CHECKPOINT.toString(), Map.of()))
                .isEqualTo(new ModelLocation(
                        "cogvideox-tiny",
                        Reference.TINY_CHECKPOINT.toAbsolutePath().normalize()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cogvideox",
                "a/b/c",
                "/a/b",
                "../b",
                "a/..",
                "a/b--c",
                "a/b.git",
                "a/-b",
                "a/b@",
                "a/b@../../c",
                "a/b@x y",
                "a/b@-x",
                "a\\b/c",
                "a/b\u0000",
                "a/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            })
    void shouldRefuseWhatIsNoModelsName(String text) {
        assertRefused(() -> ModelReference.parse(text), Reason.INVALID_REFERENCE, "is no model");
    }

    @ParameterizedTest
    @CsvSource({
        "zai-org/CogVideoX-2b, zai-org/CogVideoX-2b, main",
        "zai-org/CogVideoX1.5-5B@refs/pr/3, zai-org/CogVideoX1.5-5B, refs/pr/3",
        "a_b/c.d@v1.0, a_b/c.d, v1.0"
    })
    void shouldReadAModelsName(String text, String id, String revision) throws Exception {
        assertThat(ModelReference.parse(text)).isEqualTo(new ModelReference.Repository(id, revision));
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        // Given a model of which two files were removed, one by its link and one by its content
        Path snapshot = fetch().directory();
        Files.delete(snapshot.resolve("vae/config.json"));
        Files.delete(snapshot.resolve(WEIGHTS).toRealPath());

        // When / Then
        assertRefused(
                () -> ModelLocation.resolve(ID, environment),
                Reason.NOT_IN_CACHE,
                "vae/config.json, transformer/*.safetensors (it holds no weights: neither diffusion_pytorch_model.safetensors nor diffusion_pytorch_model.safetensors.index.json); this fetches it: text2video download "
                        + ID);

        // And a download brings them back
        assertRight(fetch().directory());
    }

    @Test
    void shouldSayWhichShardsAreMissing() throws Exception {
        hub.publish(ID, Reference.CHECKPOINT);
        Path snapshot = fetch().directory();
        Files.delete(snapshot.resolve("transformer/diffusion_pytorch_model-00002-of-00003.safetensors"));

        assertRefused(
                () -> cache.snapshot(MODEL),
                Reason.NOT_IN_CACHE,
                "these files are missing: transformer/diffusion_pytorch_model-00002-of-00003.safetensors");
    }

    @Test
    void shouldReadBlobsThatWereMovedToAnotherDisk() throws Exception {
        // Given all blobs elsewhere, and a link in their folder's place
        Path snapshot = fetch().directory();
        Path elsewhere = directory.resolve("disk2");
        Files.move(folder().resolve("blobs"), elsewhere);
        Files.createSymbolicLink(folder().resolve("blobs"), elsewhere);

        // When / Then
        assertThat(cache.snapshot(MODEL)).isEqualTo(snapshot);
        assertThat(fetch().files()).isZero();
    }

    @Test
    void shouldReadASingleBlobThatWasMovedToAnotherDisk() throws Exception {
        // Given one blob elsewhere, and a link in its place
        Path snapshot = fetch().directory();
        Path blob = snapshot.resolve(WEIGHTS).toRealPath();
        Path moved = Files.move(
                blob, Files.createDirectory(directory.resolve("disk2")).resolve(blob.getFileName()));
        Files.createSymbolicLink(blob, moved);

        // When / Then
        assertThat(cache.snapshot(MODEL)).isEqualTo(snapshot);

        // And a download of what else is missing leaves it there
        Files.delete(snapshot.resolve("vae/config.json"));
        assertThat(fetch().fetchedBytes()).isZero();
        assertThat(Files.readSymbolicLink(blob)).isEqualTo(moved);
    }

    @Test
    void shouldNotReadABlobThatIsAnotherFile() throws Exception {
        // Given a link in a blob's place that leads to somebody else's file
        Path blob = fetch().directory().resolve(WEIGHTS).toRealPath();
        Path outside = Files.move(blob, directory.resolve("outside"));
        Files.createSymbolicLink(blob, outside);

        // When / Then
        assertRefused(() -> cache.snapshot(MODEL), Reason.CACHE_UNSAFE, "leads out of the model's folder");
    }

    @Test
    void shouldNotReadThroughALinkThatLeadsOut() throws Exception {
        // Given a snapshot whose weights are somebody else's file
        Path snapshot = fetch().directory();
        Path outside = Files.copy(snapshot.resolve(WEIGHTS), directory.resolve("outside"));
        Files.delete(snapshot.resolve(WEIGHTS));
        Files.createSymbolicLink(snapshot.resolve(WEIGHTS), outside);

        // When / Then
        assertRefused(() -> cache.snapshot(MODEL), Reason.CACHE_UNSAFE, "leads out of the model's folder");
    }

    @Test
    void shouldNotReadThroughALinkedDirectory() throws Exception {
        Path snapshot = fetch().directory();
        Files.move(snapshot.resolve("vae"), folder().resolve("vae"));
        Files.createSymbolicLink(snapshot.resolve("vae"), folder().resolve("vae"));

        assertRefused(() -> cache.snapshot(MODEL), Reason.CACHE_UNSAFE, "is a link to a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs", "snapshots", "refs"})
    void shouldNotWriteThroughALinkThatLeadsOut(String part) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectories(folder());
        Files.createSymbolicLink(folder().resolve(part), outside);

        assertRefused(this::fetch, Reason.CACHE_UNSAFE, "leads out of the model's folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void shouldNotTakeAnythingForACommit() throws Exception {
        fetch();
        Files.writeString(folder().resolve("refs/main"), "../../../../etc");

        assertRefused(() -> cache.snapshot(MODEL), Reason.CACHE_UNUSABLE, "holds no commit");
    }

    private static void assertRefused(ThrowingCallable call, Reason reason, String text) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HubException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e).hasMessageContaining(text);
        });
    }
}
