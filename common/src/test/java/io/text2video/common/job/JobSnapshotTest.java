package io.text2video.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobSnapshotTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final JobSnapshot QUEUED =
            JobSnapshot.queued(new VideoRequest(1, JobId.next(), null, "a ball", null, null, null, null), NOW);
    private static final JobSnapshot FIRST = start(new AttemptId(1, 1));
    private static final JobSnapshot SECOND = start(new AttemptId(1, 2));
    private static final JobSnapshot COMPLETED = SECOND.completed(null, null, null, NOW);

    @Test
    void shouldComeToTheSameStateInWhateverOrderItIsRead() {
        List<JobSnapshot> history = List.of(QUEUED, FIRST, SECOND, COMPLETED);

        for (List<JobSnapshot> order : permutations(history)) {
            JobSnapshot state = order.stream()
                    .reduce((held, next) -> next.supersedes(held) ? next : held)
                    .orElseThrow();
            assertThat(state).as("read as %s", order).isEqualTo(COMPLETED);
        }
    }

    @Test
    void shouldPutALaterGenerationBeforeALaterAttempt() {
        JobSnapshot again =
                JobSnapshot.queued(new VideoRequest(1, QUEUED.id(), null, "a ball", null, null, null, null), NOW, 2);

        assertThat(again.supersedes(SECOND)).isTrue();
        assertThat(SECOND.supersedes(again)).isFalse();
    }

    @Test
    void shouldKeepTheFirstEndUntilTheJobIsDeleted() {
        JobSnapshot zombie = FIRST.failed(new AttemptId(2, 1), "w", null, NOW);

        assertThat(zombie.supersedes(COMPLETED)).isFalse();
        assertThat(COMPLETED.deleted().supersedes(COMPLETED)).isTrue();
        assertThat(COMPLETED.supersedes(COMPLETED.deleted())).isFalse();
        assertThat(COMPLETED.deleted().prompt()).isNull();
    }

    @Test
    void shouldStayItsTenantsUntilItIsForgotten() throws Exception {
        var request = JsonCodec.read(
                "{\"id\":\"%s\",\"prompt\":\"a ball\",\"tenant\":\"acme\"}"
                        .formatted(QUEUED.id())
                        .getBytes(UTF_8),
                VideoRequest.class);

        JobSnapshot deleted = JobSnapshot.queued(request, NOW).cancelled(NOW).deleted();

        assertThat(deleted.owner()).isEqualTo(new Tenant("acme"));
    }

    @Test
    void shouldBeTheDefaultTenantsWhetherThatIsNamedOrNot() throws Exception {
        var named = JsonCodec.read(
                "{\"id\":\"%s\",\"prompt\":\"a ball\",\"tenant\":\"default\"}"
                        .formatted(QUEUED.id())
                        .getBytes(UTF_8),
                VideoRequest.class);

        assertThat(JobSnapshot.queued(named, NOW)).isEqualTo(QUEUED);
        assertThat(QUEUED.owner()).isEqualTo(Tenant.DEFAULT);
    }

    @Test
    void shouldRefuseMovesThatTheStatesDoNotAllow() {
        assertThatThrownBy(() -> COMPLETED.completed(null, null, null, NOW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> QUEUED.completed(null, null, null, NOW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () -> FIRST.started(new AttemptId(1, 2), "w", "m", VideoParameters.DEFAULTS, null, null, NOW))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> COMPLETED.failed(new AttemptId(1, 3), "w", null, NOW))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldMakeIdsInTheOrderOfTheirMaking() {
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(JobId.next());
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.get(0).value().version()).isEqualTo(7);
    }

    private static JobSnapshot start(AttemptId attempt) {
        return QUEUED.started(attempt, "worker-" + attempt, "tiny", VideoParameters.DEFAULTS, null, null, NOW);
    }

    private static List<List<JobSnapshot>> permutations(List<JobSnapshot> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<JobSnapshot>> result = new ArrayList<>();
        for (JobSnapshot head : items) {
            List<JobSnapshot> rest = new ArrayList<>(items);
            rest.remove(head);
            for (List<JobSnapshot> tail : permutations(rest)) {
                List<JobSnapshot> order = new ArrayList<>(List.of(head));
                order.addAll(tail);
                result.add(order);
            }
        }
        return result;
    }
}
