package io.text2video.standalone.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A program of the machine that may be missing: git, nvidia-smi. */
final class Command {
    private Command() {}

    /** What it prints; empty where there is no such program or it fails. */
    static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(printed.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
