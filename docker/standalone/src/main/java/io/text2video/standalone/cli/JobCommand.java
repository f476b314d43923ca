package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with one job of a running fleet. */
@Command(mixinStandardHelpOptions = true)
abstract class JobCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The job's id.")
    String id;

    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    @Spec
    CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        int code = run(gateway.client());
        spec.commandLine().getOut().flush();
        return code;
    }

    /** @return the exit code */
    abstract int run(GatewayClient client) throws IOException, InterruptedException;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Takes a job back. */
    @Command(
            name = "cancel",
            description = "Cancels a job: a queued one never starts, a running one stops within a step.",
            footer = {
                "",
                "Example:",
                "  text2video cancel 019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f --gateway http://localhost:8080"
            })
    static final class Cancel extends JobCommand {
        @Override
        int run(GatewayClient client) throws IOException, InterruptedException {
            String status = client.cancel(id).path("status").asText();
            if (!status.equals("cancelled")) {
                throw new IOException("the job %s had ended before: it is %s".formatted(id, status));
            }
            out().println("cancelled " + id);
            return 0;
        }
    }

    /** How it stands. */
    @Command(name = "status", description = "Prints how a job stands.")
    static final class Status extends JobCommand {
        @Mixin
        SharedOptions.Json json = new SharedOptions.Json();

        @Override
        int run(GatewayClient client) throws IOException, InterruptedException {
            JsonNode video = client.get(id);
            if (json.wanted) {
                SharedOptions.Json.print(video, out());
            } else {
                new VideoPage(out()).one(video);
            }
            return 0;
        }
    }

    /** Its video, once it is there. */
    @Command(
            name = "get",
            description = "Saves the video of a job that is completed. A file is not overwritten without --force.")
    static final class Get extends JobCommand {
        @Mixin
        SharedOptions.Output output = new SharedOptions.Output();

        @Override
        int run(GatewayClient client) throws IOException, InterruptedException {
            Path file = output.file(id + ".mp4");
            client.download(id, file);
            out().println(file);
            return 0;
        }
    }

    /** Removes it. */
    @Command(
            name = "rm",
            description = "Removes a job that has ended, with its video. One that has not is cancelled first.")
    static final class Remove extends JobCommand {
        @Override
        int run(GatewayClient client) throws IOException, InterruptedException {
            if (JobWatch.isRunning(client.get(id))) {
                client.cancel(id);
            }
            client.delete(id);
            out().println("removed " + id);
            return 0;
        }
    }

    /** Follows it to its end. */
    @Command(
            name = "watch",
            description = {
                "Follows a job until it has ended, whoever asked for it. Ctrl-C stops watching, not the job.",
                "Exit code 0 if it is completed, 1 if not."
            })
    static final class Watch extends JobCommand {
        @Override
        int run(GatewayClient client) throws IOException, InterruptedException {
            try (var stages = new StageDisplay()) {
                JsonNode video = new JobWatch(client, stages).untilEnded(client.get(id));
                JobWatch.requireCompleted(video);
                stages.finish();
                new VideoPage(out()).one(video);
                return 0;
            }
        }
    }
}
