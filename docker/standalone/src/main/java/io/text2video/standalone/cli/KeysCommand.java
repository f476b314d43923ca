package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.access.ApiKey;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.process.SingleLine;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.standalone.keys.KeyTopic;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Who may use the HTTP API of a fleet. */
@Command(
        name = "keys",
        subcommands = KeysCommand.CreateCommand.class,
        mixinStandardHelpOptions = true,
        description = {
            "Makes, lists and revokes keys to the HTTP API. They are on the broker, as hashes: whoever may write there"
                    + " may make one.",
            "Gateways know a new key, and refuse a revoked one, within a second."
        },
        footer = {
            "",
            "Examples:",
            "  text2video keys create --name laptop --kafka broker:9092",
            "  text2video keys create --name ci --tenant acme --days 90",
            "  text2video keys list --json",
            "  text2video keys revoke 3fa85f64b1c2"
        })
final class KeysCommand implements Runnable {
    private static final String ROW = "%-12s  %-24s  %-24s  %-20s  %s%n";

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: create, list or revoke");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a key and prints it, this once: nobody can look it up later.")
    static final class CreateCommand implements Callable<Integer> {
        @ParentCommand
        KeysCommand parent;

        @Spec
        CommandSpec spec;

        @Option(
                names = "--tenant",
                paramLabel = "TENANT",
                defaultValue = "default",
                description = "Whose jobs are made and seen with it. Default: ${DEFAULT-VALUE}.")
        String tenant;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "What you call it: who has it, or what for.")
        String name;

        @Option(names = "--days", paramLabel = "N", description = "After how many days it expires. Default: never.")
        Integer days;

        @Override
        public Integer call() throws IOException {
            var secret = ApiKeySecret.random();
            ApiKey key = key(secret);
            parent.topic().add(key);
            if (parent.json.wanted) {
                SharedOptions.Json.print(tree(key).put("key", secret.text()), parent.out());
            } else {
                parent.out().println(secret.text());
                spec.commandLine()
                        .getErr()
                        .printf("key %s of tenant %s: keep it, it is not shown again%n", key.id(), key.tenant());
            }
            parent.out().flush();
            return 0;
        }

        private ApiKey key(ApiKeySecret secret) {
            if (days != null && days < 1) {
                throw wrong("--days is %d, but must be 1 at least".formatted(days));
            }
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Instant expiresAt = days == null ? null : now.plus(Duration.ofDays(days));
            try {
                return JsonCodec.validate(new ApiKey(ApiKey.VERSION, secret.hash(), tenant(), name, now, expiresAt));
            } catch (InvalidMessageException e) {
                throw wrong("--" + e.getMessage());
            }
        }

        private Tenant tenant() {
            try {
                return new Tenant(tenant);
            } catch (IllegalArgumentException e) {
                throw wrong("--tenant " + e.getMessage());
            }
        }

        private ParameterException wrong(String reason) {
            return new ParameterException(spec.commandLine(), reason);
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the keys that are not revoked.")
    int list() throws IOException {
        List<ApiKey> keys = topic().all();
        if (json.wanted) {
            SharedOptions.Json.print(keys.stream().map(KeysCommand::tree).toList(), out());
        } else if (keys.isEmpty()) {
            out().println("no keys");
        } else {
            out().printf(ROW, "ID", "TENANT", "NAME", "CREATED", "EXPIRES");
            keys.forEach(key -> out().printf(
                            ROW,
                            key.id(),
                            key.tenant(),
                            SingleLine.of(key.name()),
                            key.createdAt(),
                            Objects.requireNonNullElse(key.expiresAt(), "never")));
        }
        out().flush();
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Takes a key away. What was made with it stays its tenant's.")
    int revoke(@Parameters(paramLabel = "ID", description = "As list shows it.") String id) throws IOException {
        KeyTopic topic = topic();
        ApiKey key = topic.all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "there is no key %s; text2video keys list shows those there are".formatted(SingleLine.of(id))));
        topic.revoke(key);
        out().println("revoked " + key.id());
        out().flush();
        return 0;
    }

    private KeyTopic topic() throws IOException {
        return new KeyTopic(kafka.clientConfiguration(new FleetConfiguration()));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static ObjectNode tree(ApiKey key) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", key.id());
        tree.put("tenant", key.tenant().name());
        tree.put("name", key.name());
        tree.put("created_at", key.createdAt().toString());
        tree.put("expires_at", key.expiresAt() == null ? null : key.expiresAt().toString());
        return tree;
    }
}
