package io.text2video.worker.app;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** A broker and a store for the application under test, two models for it, and a LoRA for the second. */
public class WorkerFleetResource implements QuarkusTestResourceLifecycleManager {
    private EmbeddedServices services;
    private Path models;

    @Override
    public Map<String, String> start() {
        services = EmbeddedServices.temporary();
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("worker.id", "w1");
        configuration.put("worker.pool", "large");
        try {
            models = Files.createTempDirectory("text2video-models-");
            Path first = Files.createDirectory(models.resolve("first"));
            Path second = Files.createDirectory(models.resolve("second"));
            configuration.put("worker.models", first + "," + second);
            configuration.put("worker.loras", loras(models.resolve("loras")).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        configuration.put("quarkus.http.test-port", "0");
        return configuration;
    }

    private static Path loras(Path directory) throws IOException {
        Files.createFile(Files.createDirectories(directory.resolve("second")).resolve("ink.safetensors"));
        return directory;
    }

    @Override
    public void stop() {
        services.close();
        try {
            Utils.delete(models.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
