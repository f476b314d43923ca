package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.process.SingleLine;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be asked of a running fleet as a whole. */
@Command(mixinStandardHelpOptions = true)
abstract class FleetCommand implements Callable<Integer> {
    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        JsonNode answer = ask(gateway.client());
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            SharedOptions.Json.print(answer, out);
        } else {
            print(answer, out);
        }
        out.flush();
        return 0;
    }

    abstract JsonNode ask(GatewayClient client) throws IOException, InterruptedException;

    /** For people. */
    abstract void print(JsonNode answer, PrintWriter out);

    /** Its jobs. */
    @Command(name = "list", description = "Lists the newest jobs of a fleet.")
    static final class Jobs extends FleetCommand {
        private static final int MOST = 100;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "How many, 1 to 100. Default: ${DEFAULT-VALUE}.")
        int limit;

        @Option(names = "--after", paramLabel = "ID", description = "Those that are older than this one.")
        String after;

        @Override
        JsonNode ask(GatewayClient client) throws IOException, InterruptedException {
            if (limit < 1 || limit > MOST) {
                throw new ParameterException(
                        spec.commandLine(), "--limit is %d, but must be from 1 to %d".formatted(limit, MOST));
            }
            return client.list(limit, after);
        }

        @Override
        void print(JsonNode answer, PrintWriter out) {
            new VideoPage(out).list(answer.path("data"));
            if (answer.path("has_more").asBoolean()) {
                out.println("older ones: --after " + answer.path("last_id").asText());
            }
        }
    }

    /** What it can draw with. */
    @Command(name = "models", description = "Lists the models that a fleet's workers have announced.")
    static final class Models extends FleetCommand {
        private static final String ROW = "%-40s  %-10s  %6s  %5s  %s%n";

        @Override
        JsonNode ask(GatewayClient client) throws IOException, InterruptedException {
            return client.models();
        }

        @Override
        void print(JsonNode answer, PrintWriter out) {
            out.printf(ROW, "MODEL", "SIZE", "FRAMES", "STEPS", "");
            for (JsonNode model : answer.path("data")) {
                JsonNode defaults = model.path("defaults");
                out.printf(
                        ROW,
                        SingleLine.of(model.path("id").asText()),
                        defaults.path("width").asText() + "x"
                                + defaults.path("height").asText(),
                        defaults.path("num_frames").asText(),
                        defaults.path("num_inference_steps").asText(),
                        (model.path("preferred").asBoolean() ? "preferred " : "")
                                + (model.at("/limits/image_required").asBoolean() ? "wants an image" : ""));
            }
        }
    }

    /** Its adapters. */
    @Command(
            name = "lora",
            mixinStandardHelpOptions = true,
            subcommands = LoraList.class,
            description = "Shows the LoRAs of a fleet.")
    static final class Lora implements Runnable {
        @Spec
        CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "say what to do: list");
        }
    }

    /** Which there are. */
    @Command(name = "list", description = "Lists the LoRAs that each model of a fleet can be drawn with.")
    static final class LoraList extends FleetCommand {
        @Override
        JsonNode ask(GatewayClient client) throws IOException, InterruptedException {
            return client.models();
        }

        @Override
        void print(JsonNode answer, PrintWriter out) {
            for (JsonNode model : answer.path("data")) {
                for (JsonNode lora : model.path("loras")) {
                    out.printf("%-40s  %s%n", SingleLine.of(model.path("id").asText()), SingleLine.of(lora.asText()));
                }
            }
        }
    }
}
