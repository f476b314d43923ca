package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A fleet under faults: a few of them in every build, always the same ones; as many as asked for with
 * {@code mvn verify -Pfaults -Dfaults.seed=N -Dfaults.rounds=M}, others each time unless the seed is said.
 */
class FaultsIT {
    private static final String NEW = "new";
    private static final Path REPORT = Path.of("target", "faults", "report.json");
    /** In which a job is to be with another worker, on a machine that does nothing else. */
    private static final Duration TAKEN_OVER = Fleet.RECORD_LOCK.plusSeconds(5);

    @Test
    void shouldEndEveryAcceptedJobOnceWhateverIsKilled() throws Exception {
        // Given a fleet that is kept busy, and a plan of faults
        long seed = seed(System.getProperty("faults.seed", NEW));
        int rounds = Integer.getInteger("faults.rounds", 4);
        FaultPlan plan = FaultPlan.draw(seed, rounds);
        System.out.printf(
                "faults: seed %d, %d kills among %d faults; again with mvn verify -Pfaults -Dfaults.seed=%d"
                        + " -Dfaults.rounds=%d%n",
                seed, rounds, plan.faults().size(), seed, rounds);

        // When they happen, stop, and the fleet comes to rest
        Run.Outcome outcome = Run.of(plan, Path.of("target", "faults", "fleet"));

        // Then every promise was kept
        var figures = outcome.figures();
        Files.writeString(
                REPORT, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures));
        System.out.println("faults: " + figures);
        assertThat(outcome.violations()).as(told(outcome.violations())).isEmpty();
        assertThat(figures.answers().keySet()).as("answers").noneMatch(answer -> answer.endsWith("WRONG"));
        assertThat(figures.kills()).isEqualTo(rounds);
        assertThat(figures.jobs()).as("accepted jobs").isGreaterThanOrEqualTo(rounds * 3 / 2);
        // And everything that clients do had its effect
        assertThat(figures.ends())
                .as("ends")
                .containsKeys("completed", "cancelled", "failed", "completed and deleted", "cancelled and deleted");
        assertThat(figures.cancelledByRecord()).as("cancelled by a record").isPositive();
        assertThat(figures.forwarded()).as("sent to the wrong pool").isPositive();
        assertThat(figures.fromBacklog()).as("came from the backlog").isPositive();
        assertThat(figures.calledAfterDeletion()).as("webhooks of deleted jobs").isPositive();
        if (Boolean.getBoolean("faults.timed")) {
            assertThat(figures.undisturbedTakeover().max())
                    .as("seconds from a kill to the next attempt")
                    .isLessThanOrEqualTo((double) TAKEN_OVER.toSeconds());
        }
    }

    private static long seed(String property) {
        return property.equals(NEW) ? System.currentTimeMillis() % 1_000_000 : Long.parseLong(property);
    }

    private static String told(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
    }
}
