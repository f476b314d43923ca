package io.text2video.standalone.cli;

import io.text2video.kafka.ReliablePublisher;
import io.text2video.standalone.deadletters.Coordinate;
import io.text2video.standalone.deadletters.DeadLetters;
import io.text2video.standalone.deadletters.NotReplayableException;
import io.text2video.standalone.deadletters.Replay;
import io.text2video.standalone.deadletters.StoredDeadLetter;
import io.text2video.standalone.fleet.FleetConfiguration;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What could not be read or done: looks at it, and sends it again. */
@Command(
        name = "dead-letters",
        subcommands = DeadLettersCommand.ReplayCommand.class,
        mixinStandardHelpOptions = true,
        description = {
            "Shows the records that the fleet could not read or do, and sends them again.",
            "A request becomes a new job: its old one has failed, and stays so. A webhook is tried from the beginning."
        },
        footer = {
            "",
            "Examples:",
            "  text2video dead-letters list --kafka broker:9092",
            "  text2video dead-letters list --kafka broker:9093 --command-config client.properties",
            "  text2video dead-letters show 0@17",
            "  text2video dead-letters replay 0@17",
            "  text2video dead-letters replay --reason \"given up after\" --json"
        })
final class DeadLettersCommand implements Runnable {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: list, show or replay");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Lists them, the oldest first: where each is, when it became one, its job, the tries, the reason.")
    int list() throws IOException {
        page().list(letters().all());
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows one with its headers and its bytes, but for a webhook's secret.")
    int show(
            @Parameters(paramLabel = "PARTITION@OFFSET|ID", description = "As list names it, or a job's id.")
                    String which)
            throws IOException {
        List<StoredDeadLetter> found = letters().all().stream()
                .filter(letter -> letter.at().toString().equals(which) || which.equals(letter.id()))
                .toList();
        if (found.isEmpty()) {
            throw new IOException(
                    "there is no dead letter %s; text2video dead-letters list shows those there are".formatted(which));
        }
        page().show(found);
        return 0;
    }

    /** Which letters are replayed. */
    static final class Chosen {
        @Parameters(paramLabel = "PARTITION@OFFSET", description = "As list names it.")
        String at;

        @Option(names = "--all", description = "All there are.")
        boolean all;

        @Option(names = "--reason", paramLabel = "TEXT", description = "All whose reason holds this.")
        String reason;

        boolean isMeant(StoredDeadLetter letter) {
            return all
                    || (reason != null && letter.reason().contains(reason))
                    || (at != null && Coordinate.parse(at).equals(Optional.of(letter.at())));
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = {
                "Sends them again, and prints each old and new id. What still is no valid request is refused.",
                "They stay among the dead letters: whoever replays one twice gets two jobs."
            })
    static final class ReplayCommand implements Callable<Integer> {
        @ParentCommand
        DeadLettersCommand parent;

        @ArgGroup(multiplicity = "1")
        Chosen chosen;

        @Override
        public Integer call() throws IOException {
            DeadLetters there = parent.letters();
            List<StoredDeadLetter> letters =
                    there.all().stream().filter(chosen::isMeant).toList();
            if (letters.isEmpty() && !chosen.all) {
                throw new IOException(
                        "there is no such dead letter; text2video dead-letters list shows those there are");
            }
            int refused = 0;
            try (ReliablePublisher publisher = there.publisher()) {
                for (StoredDeadLetter letter : letters) {
                    try {
                        Replay replay = Replay.of(letter, Instant.now());
                        publisher.publish(replay.record());
                        parent.page().replayed(letter, replay);
                    } catch (NotReplayableException e) {
                        refused++;
                        parent.page().refused(e);
                    }
                }
            }
            return refused == 0 ? 0 : 1;
        }
    }

    private DeadLetters letters() throws IOException {
        return new DeadLetters(kafka.clientConfiguration(new FleetConfiguration()));
    }

    private DeadLettersPage page() {
        PrintWriter out = spec.commandLine().getOut();
        return new DeadLettersPage(out, spec.commandLine().getErr(), json.wanted);
    }
}
