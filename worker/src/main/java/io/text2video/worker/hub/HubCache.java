package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cache that huggingface_hub keeps, and that {@code hf download} fills. Immutable; safe across threads. */
public final class HubCache {
    private final Path directory;

    public HubCache(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /**
     * The cache that the variables name: {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code HF_HOME/hub}, else
     * {@code huggingface/hub} in {@code XDG_CACHE_HOME} or {@code ~/.cache}.
     */
    public static HubCache of(Map<String, String> environment) {
        return new HubCache(HubSettings.path(environment, "HF_HUB_CACHE")
                .or(() -> HubSettings.path(environment, "HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> HubSettings.home(environment).resolve("hub")));
    }

    public Path directory() {
        return directory;
    }

    /**
     * The directory of a model that is complete.
     *
     * @throws HubException when the model, the revision or a file that the pipeline needs is missing, or when a link
     *     leads out of the model's folder
     * @throws IOException when the cache cannot be read
     */
    public Path snapshot(ModelReference.Repository repository) throws IOException {
        RepositoryFolder folder = folder(repository);
        if (!Files.isDirectory(folder.path())) {
            throw missing(repository, "the model is not there");
        }
        Optional<String> commit = folder.commit(repository.revision());
        if (commit.isEmpty()) {
            throw missing(repository, "the revision " + repository.revision() + " is not there");
        }
        Path snapshot = folder.snapshot(commit.get());
        if (!Files.isDirectory(snapshot)) {
            throw missing(repository, "the snapshot " + commit.get() + " is not there");
        }
        folder.requireSafe(snapshot);
        List<String> missing = PipelineFiles.missing(snapshot);
        if (!missing.isEmpty()) {
            throw missing(repository, "these files are missing: " + String.join(", ", missing));
        }
        return snapshot;
    }

    /** The same, but empty where something is missing. */
    Optional<Path> complete(ModelReference.Repository repository) throws IOException {
        try {
            return Optional.of(snapshot(repository));
        } catch (HubException e) {
            if (e.reason() == Reason.NOT_IN_CACHE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    RepositoryFolder folder(ModelReference.Repository repository) {
        return new RepositoryFolder(directory, repository.id());
    }

    private HubException missing(ModelReference.Repository repository, String what) {
        return new HubException(
                Reason.NOT_IN_CACHE,
                "%s is no directory here, and in the cache %s %s; this fetches it: %s"
                        .formatted(repository, directory, what, repository.downloadCommand()));
    }
}
