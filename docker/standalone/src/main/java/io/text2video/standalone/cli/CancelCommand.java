package io.text2video.standalone.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a job back. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Cancels a job: a queued one never starts, a running one stops within a step.",
        footer = {
            "",
            "Example:",
            "  text2video cancel 019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f --gateway http://localhost:8080"
        })
final class CancelCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The job's id.")
    String id;

    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String status = gateway.client().cancel(id).path("status").asText();
        if (!status.equals("cancelled")) {
            throw new IOException("the job %s had ended before: it is %s".formatted(id, status));
        }
        spec.commandLine().getOut().println("cancelled " + id);
        return 0;
    }
}
