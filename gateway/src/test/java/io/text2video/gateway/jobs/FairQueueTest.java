package io.text2video.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs are named here by their tenants. */
class FairQueueTest {
    private final ModelCatalog models = new ModelCatalog();
    private final FairQueue queue = new FairQueue(models);
    private final List<OpenJob> waiting = new ArrayList<>();
    private long offset;

    @Test
    void shouldTakeTurns() {
        add("a", 4);
        add("b", 2);
        add("c", 1);

        assertThat(next(7)).isEqualTo("a b c a b a a");
    }

    @Test
    void shouldLetANewTenantInAtOnceHoweverManyJobsAnotherHas() {
        add("a", 10_000);
        assertThat(next(100)).doesNotContain("b");

        add("b", 1);

        assertThat(next(2)).contains("b");
    }

    @Test
    void shouldGiveNobodyWhatItHasNotUsedBefore() {
        add("a", 100);
        add("b", 1);
        next(51);

        // When b comes back
        add("b", 20);

        // Then it has half from now on, and not the fifty that a had meanwhile
        assertThat(next(20).chars().filter(tenant -> tenant == 'b')).hasSizeBetween(9, 11);
    }

    @Test
    void shouldCountTimeNotJobs() {
        // Given one tenant's jobs that take ten times as long as the other's
        models.put(Cards.with(new ModelCost(226, 1, 0, 1, 0, 0, 0), Cards.COGVIDEOX_2B));
        add("a", 100, 100, Priority.NORMAL);
        add("b", 100, 10, Priority.NORMAL);

        // Then of each eleven one is the first's
        assertThat(next(44).chars().filter(tenant -> tenant == 'a')).hasSizeBetween(3, 6);
    }

    @Test
    void shouldCountWhatWasGivenBefore() {
        add("a", 3);
        add("b", 3);
        List<OpenJob> given = waiting.stream()
                .filter(job -> job.work().tenant().name().equals("a"))
                .limit(2)
                .toList();
        waiting.removeAll(given);

        queue.after(given);

        assertThat(next(4)).isEqualTo("b b a b");
    }

    @Test
    void shouldObeyPrioritiesWithinATenantOnly() {
        add("a", 1, 10, Priority.LOW);
        add("a", 1, 10, Priority.NORMAL);
        add("b", 1, 10, Priority.LOW);
        add("a", 1, 10, Priority.HIGH);
        add("a", 1, 10, Priority.HIGH);

        List<OpenJob> next = queue.next(waiting, 5);

        assertThat(next.stream().map(FairQueueTest::name)).containsExactly("b", "a", "a", "a", "a");
        assertThat(next.stream().filter(job -> name(job).equals("a")).map(job -> job.work()
                        .priority()))
                .containsExactly(Priority.HIGH, Priority.HIGH, Priority.NORMAL, Priority.LOW);
        assertThat(next.get(1).request().offset())
                .isLessThan(next.get(2).request().offset());
    }

    private void add(String tenant, int jobs) {
        add(tenant, jobs, 10, Priority.NORMAL);
    }

    private void add(String tenant, int jobs, int steps, Priority priority) {
        var parameters =
                new VideoParameters(null, steps, null, null, null, null, null, null, null, null, null, null, null);
        var work = new Work(new Tenant(tenant), priority, Jobs.TIME, Cards.COGVIDEOX_2B.id(), parameters, null);
        Stream.generate(() -> new RequestPlace(Topic.BACKLOG.topicName(), 0, offset++, 1, 0))
                .limit(jobs)
                .forEach(place -> waiting.add(OpenJob.of(JobId.next(), place, work, 0)));
    }

    /** Takes them away too. */
    private String next(int most) {
        List<OpenJob> next = queue.next(waiting, most);
        waiting.removeAll(next);
        return next.stream().map(FairQueueTest::name).collect(Collectors.joining(" "));
    }

    private static String name(OpenJob job) {
        return job.work().tenant().name();
    }
}
