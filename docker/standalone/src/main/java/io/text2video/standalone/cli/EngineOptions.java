package io.text2video.standalone.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the engine computes in this process: to be applied before anything is loaded. */
final class EngineOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the native engine. Default: one a core.")
    Integer threads;

    /** @throws ParameterException when there would be no thread */
    void apply() {
        if (threads != null) {
            if (threads < 1) {
                throw new ParameterException(spec.commandLine(), "--threads must be positive, but is " + threads);
            }
            // DJL reads it once, when it loads the engine.
            System.setProperty("ai.djl.pytorch.num_threads", threads.toString());
        }
    }
}
