package io.text2video.worker.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model on this machine.
 *
 * @param id what requests name it by: {@code org/name}, or the directory's name
 * @param directory its files, laid out as diffusers does
 */
public record ModelLocation(String id, Path directory) {
    /**
     * Finds a model. Nothing is fetched: a model of the hub has to be complete in the cache.
     *
     * @param model a directory, or {@code org/name[@revision]}
     * @param environment the process's variables, which say where the cache is
     * @throws HubException when it is no model's name, or the model is not in the cache; the text names the command
     *     that fetches it
     * @throws IOException when the cache cannot be read
     */
    public static ModelLocation resolve(String model, Map<String, String> environment) throws IOException {
        ModelReference reference = ModelReference.parse(model);
        // An "else" in the shape of Java 17.
        if (reference instanceof ModelReference.Repository repository) {
            return new ModelLocation(repository.id(), HubCache.of(environment).snapshot(repository));
        }
        return new ModelLocation(reference.id(), ((ModelReference.Directory) reference).path());
    }
}
