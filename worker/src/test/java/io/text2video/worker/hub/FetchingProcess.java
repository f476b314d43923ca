package io.text2video.worker.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that fetches a model. */
final class FetchingProcess {
    private FetchingProcess() {}

    /** @param before words that the command starts with */
    static Process start(List<String> before, Class<?> main, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Fetches with the variables of this process: {@code FetchingProcess MODEL CACHE ENDPOINT}. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        var settings = HubSettings.of(java.util.Map.of("HF_ENDPOINT", arguments[2], "HF_HOME", arguments[1]));
        var download = new HubDownload(settings, new HubCache(Path.of(arguments[1])), 4, Duration.ofMillis(1));
        var model = (ModelReference.Repository) ModelReference.parse(arguments[0]);
        System.out.println(download.fetch(model, DownloadListener.NONE));
    }

    static String output(Path file) throws IOException {
        return Files.readString(file);
    }
}
